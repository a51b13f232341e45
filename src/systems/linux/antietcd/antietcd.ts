import type { System } from '../../../world/system.ts';
import { antietcdDeployment, PARAMETERS } from './deployment.ts';

export const antietcd: System = {
  name: 'antietcd',
  about:
    'a small replacement of etcd in JavaScript: a leader elected as in Raft, the whole state in one file',
  lecture: 'real servers',
  how: [
    'The nodes elect a leader as Raft does, but there is no log: the leader sends each change to its followers, and a node that joins gets the whole state.',
    'Each node writes its state into one file, by default before a change is acknowledged. With --param persist-interval=500ms it does so at most every half second: then a majority is enough as long as somebody lives, but what was acknowledged last is gone when all nodes are killed at once. It is judged as if it promised to keep it.',
    'A read asks the leader whether it still leads; with --param stale-reads=true it does not, and may be old.',
  ],
  sources: [
    'Filippov, AntiEtcd, git.yourcmc.ru/vitalif/antietcd',
    'Filippov, TinyRaft, git.yourcmc.ru/vitalif/tinyraft',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      'operations end while a majority can hear each other, some ten seconds after a leader is lost',
    ],
  },
  bugs: {},
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: antietcdDeployment,
};
