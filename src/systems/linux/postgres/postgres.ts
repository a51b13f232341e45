import type { Guarantee, System } from '../../../world/system.ts';
import { PARAMETERS, postgresDeployment, type Settings } from './deployment.ts';

/** What each isolation level of PostgreSQL gives, whatever it is called there. */
const PROMISES = {
  serializable: ['serializable'],
  'repeatable-read': ['snapshot-isolation'],
  'read-committed': ['read-committed'],
} as const satisfies Readonly<Record<Settings['isolation'], readonly Guarantee[]>>;

export const postgres: System = {
  name: 'postgres',
  about: 'the relational database: one server, or several that Patroni fails over',
  lecture: 'real servers',
  how: [
    'Transactions read snapshots (MVCC). At --param isolation=serializable PostgreSQL watches who missed whose writes and aborts one transaction of each dangerous pattern (SSI); at repeatable-read it gives snapshot isolation, which permits write skew; at read-committed each statement has a snapshot of its own, so that updates are lost. --param judged-as says by which level the run is judged.',
    'With --param replication=async or sync each node runs PostgreSQL, Patroni and etcd: Patroni holds a lease in etcd for the primary, and promotes a standby when it runs out. What an asynchronous standby had not received by then is lost; a synchronous one has every commit that was acknowledged.',
  ],
  sources: [
    'Ports and Grittner, Serializable Snapshot Isolation in PostgreSQL, VLDB 2012',
    'Kingsbury, Jepsen: PostgreSQL 12.3, 2020',
    'Patroni, Replication modes, patroni.readthedocs.io',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['serializable'],
    liveness: [
      'operations end once the primary is up, or Patroni, half a minute later, has promoted another',
    ],
  },
  promises: (parameters) => PROMISES[(parameters as Settings)['judged-as']],
  bugs: {},
  serves: {
    append: ['txn'],
    'rw-register': ['txn'],
    bank: ['transfer', 'read'],
    set: ['add', 'read'],
  },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: postgresDeployment,
};
