import type { System } from '../../../world/system.ts';
import { etcdDeployment, PARAMETERS } from './deployment.ts';

export const etcd: System = {
  name: 'etcd',
  about: 'the key-value store under Kubernetes: a log replicated by Raft, on real servers',
  lecture: 'case studies',
  how: [
    'Every write goes through one log that Raft replicates to a majority; a node that lost the leader can answer nothing that needs it.',
    'A linearizable read waits until the leader has heard a majority once more and the node has applied what was committed by then (ReadIndex). A serializable read (--param reads=serializable) is answered from what the node has applied so far: cheap, possible without a leader, and stale where the node lags. It is judged as if it promised linearizability, to show what is given away.',
    'Transactions compare revisions and then write: here a transaction reads its keys at once, and commits only if none of them has changed since.',
    'A lock is a key with a lease, its fencing token the revision that made it; the resource refuses a writer with an older token than it has seen.',
  ],
  sources: [
    'Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm, USENIX ATC 2014',
    'etcd, KV API guarantees, etcd.io/docs/v3.4/learning/api_guarantees',
    'Kingsbury, Jepsen: etcd 3.4.3, 2020',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable', 'strict-serializable', 'mutual-exclusion', 'fencing'],
    liveness: ['operations end while a majority can hear each other, some seconds after a leader is lost'],
  },
  bugs: {},
  serves: {
    register: ['read', 'write', 'cas'],
    append: ['txn'],
    set: ['add', 'read'],
    lock: ['acquire', 'write', 'release'],
  },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: etcdDeployment,
};
