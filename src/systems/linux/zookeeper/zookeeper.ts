import type { System } from '../../../world/system.ts';
import { PARAMETERS, zookeeperDeployment } from './deployment.ts';

export const zookeeper: System = {
  name: 'zookeeper',
  about:
    'the coordination service: a tree of small nodes, replicated by atomic broadcast (Zab), on real servers',
  lecture: 'case studies',
  how: [
    'Every write goes to the leader, which puts all into one order and commits each once a majority has it.',
    'A read is answered by the server at hand from what it has applied so far. A client sees its own writes, and never goes back, but what it sees may be old. With --param sync=true each read is preceded by a sync, which waits until the server has everything that the leader had committed; with sync=false it is not. Either is judged as if it promised linearizability, to show what is given away.',
    'A compare-and-set reads a node, and changes it only if its version is still the same. An element of the queue is a node whose name ends in a number that only grows; whoever deletes the first has it.',
    'A lock is an ephemeral node, which goes with the session that made it. Here each grant has a session of its own that nobody keeps up, so that it is a lease; its fencing token is the number of the transaction that made the node, and the resource refuses a writer with an older token than it has seen.',
  ],
  sources: [
    'Hunt, Konar, Junqueira and Reed, ZooKeeper: Wait-free coordination for Internet-scale systems, USENIX ATC 2010',
    'Junqueira, Reed and Serafini, Zab: High-performance broadcast for primary-backup systems, DSN 2011',
    'Kingsbury, Jepsen: ZooKeeper, 2013',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable', 'mutual-exclusion', 'fencing'],
    liveness: ['operations end while a majority can hear each other, some seconds after a leader is lost'],
  },
  bugs: {},
  serves: {
    register: ['read', 'write', 'cas'],
    set: ['add', 'read'],
    queue: ['enqueue', 'dequeue'],
    lock: ['acquire', 'write', 'release'],
  },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: zookeeperDeployment,
};
