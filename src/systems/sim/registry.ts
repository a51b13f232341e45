import type { System } from '../../world/system.ts';
import { abd } from './abd/abd.ts';
import { abdCas } from './abd-cas/abd-cas.ts';
import { bestEffortBroadcast } from './best-effort-broadcast/best-effort-broadcast.ts';
import { byzantineGenerals } from './byzantine-generals/byzantine-generals.ts';
import { byzantineGeneralsSigned } from './byzantine-generals/byzantine-generals-signed.ts';
import { capAp } from './cap/cap-ap.ts';
import { capCp } from './cap/cap-cp.ts';
import { causalBroadcast } from './causal-broadcast/causal-broadcast.ts';
import { causalKv } from './causal-kv/causal-kv.ts';
import { collabText } from './collab-text/collab-text.ts';
import { eventualKv } from './eventual-kv/eventual-kv.ts';
import { faultTolerant2pc } from './fault-tolerant-2pc/fault-tolerant-2pc.ts';
import { fifoBroadcast } from './fifo-broadcast/fifo-broadcast.ts';
import { fifoTotalOrderBroadcast } from './fifo-total-order-broadcast/fifo-total-order-broadcast.ts';
import { gCounter } from './g-counter/g-counter.ts';
import { gSet } from './g-set/g-set.ts';
import { gossipBroadcast } from './gossip-broadcast/gossip-broadcast.ts';
import { idempotentRpc } from './idempotent-rpc/idempotent-rpc.ts';
import { lamportClock } from './lamport-clock/lamport-clock.ts';
import { lamportTotalOrderBroadcast } from './lamport-total-order-broadcast/lamport-total-order-broadcast.ts';
import { lockService } from './lock-service/lock-service.ts';
import { lwwMap } from './lww-map/lww-map.ts';
import { lwwRegister } from './lww-register/lww-register.ts';
import { multiPaxos } from './multi-paxos/multi-paxos.ts';
import { ntpClock } from './ntp-clock/ntp-clock.ts';
import { opMap } from './op-map/op-map.ts';
import { orSet } from './or-set/or-set.ts';
import { paxos } from './paxos/paxos.ts';
import { pnCounter } from './pn-counter/pn-counter.ts';
import { primaryBackup } from './primary-backup/primary-backup.ts';
import { quorumRegister } from './quorum-register/quorum-register.ts';
import { raft } from './raft/raft.ts';
import { reliableBroadcast } from './reliable-broadcast/reliable-broadcast.ts';
import { rga } from './rga/rga.ts';
import { spanner } from './spanner/spanner.ts';
import { stateMachineReplication } from './state-machine-replication/state-machine-replication.ts';
import { totalOrderBroadcast } from './total-order-broadcast/total-order-broadcast.ts';
import { twoGenerals } from './two-generals/two-generals.ts';
import { twoPhaseCommit } from './two-phase-commit/two-phase-commit.ts';
import { vectorClock } from './vector-clock/vector-clock.ts';

/** Every built-in system of node programs by its name. */
export const simSystems: Readonly<Record<string, System>> = {
  raft,
  abd,
  'abd-cas': abdCas,
  'lww-map': lwwMap,
  paxos,
  'multi-paxos': multiPaxos,
  'idempotent-rpc': idempotentRpc,
  'quorum-register': quorumRegister,
  'primary-backup': primaryBackup,
  'state-machine-replication': stateMachineReplication,
  'lock-service': lockService,
  'two-generals': twoGenerals,
  'byzantine-generals': byzantineGenerals,
  'byzantine-generals-signed': byzantineGeneralsSigned,
  'ntp-clock': ntpClock,
  'lamport-clock': lamportClock,
  'vector-clock': vectorClock,
  'best-effort-broadcast': bestEffortBroadcast,
  'reliable-broadcast': reliableBroadcast,
  'gossip-broadcast': gossipBroadcast,
  'fifo-broadcast': fifoBroadcast,
  'causal-broadcast': causalBroadcast,
  'total-order-broadcast': totalOrderBroadcast,
  'lamport-total-order-broadcast': lamportTotalOrderBroadcast,
  'fifo-total-order-broadcast': fifoTotalOrderBroadcast,
  'cap-cp': capCp,
  'cap-ap': capAp,
  'causal-kv': causalKv,
  'eventual-kv': eventualKv,
  spanner,
  'two-phase-commit': twoPhaseCommit,
  'fault-tolerant-2pc': faultTolerant2pc,
  'g-counter': gCounter,
  'pn-counter': pnCounter,
  'g-set': gSet,
  'or-set': orSet,
  'lww-register': lwwRegister,
  'op-map': opMap,
  rga,
  'collab-text': collabText,
};
