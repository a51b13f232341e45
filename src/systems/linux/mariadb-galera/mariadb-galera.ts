import type { System } from '../../../world/system.ts';
import { galeraDeployment, PARAMETERS, type Settings } from './deployment.ts';

export const mariadbGalera: System = {
  name: 'mariadb-galera',
  about:
    'MariaDB on several servers, all of which take writes; Galera certifies each transaction at its commit',
  lecture: 'real servers',
  how: [
    'A transaction runs on one server alone. At its commit what it has written is sent to all in one total order, and each server decides alike: it is aborted if somebody before it in the order has written one of the same rows since it began.',
    'Nobody looks at what it has read. So what is read may be overwritten meanwhile (write skew), and since MariaDB lets a statement at repeatable read write over rows that are newer than its snapshot, updates are lost even on one server. It is judged as if it gave snapshot isolation, as its documentation once said.',
    'A server applies what others have committed a little later, so a read on another server may be stale; with --param sync-wait=true it first waits. Snapshot isolation permits that; --param judged-as=strict-serializable does not.',
  ],
  sources: [
    'Kemme and Alonso, Database Replication for the Tired of Scalability, VLDB 2000',
    'MariaDB, Galera Cluster, mariadb.com/kb/en/galera-cluster',
    'Kingsbury, Jepsen: MariaDB Galera Cluster, 2015',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['snapshot-isolation'],
    liveness: ['operations end while a majority can hear each other, some ten seconds after one is lost'],
  },
  promises: (parameters) => [(parameters as Settings)['judged-as']],
  bugs: {},
  serves: { append: ['txn'], 'rw-register': ['txn'], set: ['add', 'read'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: galeraDeployment,
};
