import type { System } from '../world/system.ts';
import { linuxSystems } from './linux/registry.ts';
import { abd } from './sim/abd/abd.ts';
import { abdCas } from './sim/abd-cas/abd-cas.ts';
import { bestEffortBroadcast } from './sim/best-effort-broadcast/best-effort-broadcast.ts';
import { byzantineGenerals } from './sim/byzantine-generals/byzantine-generals.ts';
import { byzantineGeneralsSigned } from './sim/byzantine-generals/byzantine-generals-signed.ts';
import { capAp } from './sim/cap/cap-ap.ts';
import { capCp } from './sim/cap/cap-cp.ts';
import { causalBroadcast } from './sim/causal-broadcast/causal-broadcast.ts';
import { causalKv } from './sim/causal-kv/causal-kv.ts';
import { collabText } from './sim/collab-text/collab-text.ts';
import { eventualKv } from './sim/eventual-kv/eventual-kv.ts';
import { faultTolerant2pc } from './sim/fault-tolerant-2pc/fault-tolerant-2pc.ts';
import { fifoBroadcast } from './sim/fifo-broadcast/fifo-broadcast.ts';
import { fifoTotalOrderBroadcast } from './sim/fifo-total-order-broadcast/fifo-total-order-broadcast.ts';
import { gCounter } from './sim/g-counter/g-counter.ts';
import { gSet } from './sim/g-set/g-set.ts';
import { gossipBroadcast } from './sim/gossip-broadcast/gossip-broadcast.ts';
import { idempotentRpc } from './sim/idempotent-rpc/idempotent-rpc.ts';
import { lamportClock } from './sim/lamport-clock/lamport-clock.ts';
import { lamportTotalOrderBroadcast } from './sim/lamport-total-order-broadcast/lamport-total-order-broadcast.ts';
import { lockService } from './sim/lock-service/lock-service.ts';
import { lwwMap } from './sim/lww-map/lww-map.ts';
import { lwwRegister } from './sim/lww-register/lww-register.ts';
import { multiPaxos } from './sim/multi-paxos/multi-paxos.ts';
import { ntpClock } from './sim/ntp-clock/ntp-clock.ts';
import { opMap } from './sim/op-map/op-map.ts';
import { orSet } from './sim/or-set/or-set.ts';
import { paxos } from './sim/paxos/paxos.ts';
import { pnCounter } from './sim/pn-counter/pn-counter.ts';
import { primaryBackup } from './sim/primary-backup/primary-backup.ts';
import { quorumRegister } from './sim/quorum-register/quorum-register.ts';
import { raft } from './sim/raft/raft.ts';
import { reliableBroadcast } from './sim/reliable-broadcast/reliable-broadcast.ts';
import { rga } from './sim/rga/rga.ts';
import { spanner } from './sim/spanner/spanner.ts';
import { stateMachineReplication } from './sim/state-machine-replication/state-machine-replication.ts';
import { totalOrderBroadcast } from './sim/total-order-broadcast/total-order-broadcast.ts';
import { twoGenerals } from './sim/two-generals/two-generals.ts';
import { twoPhaseCommit } from './sim/two-phase-commit/two-phase-commit.ts';
import { vectorClock } from './sim/vector-clock/vector-clock.ts';

/** Every built-in system by its name. */
export const systems: Readonly<Record<string, System>> = {
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
  ...linuxSystems,
  'g-counter': gCounter,
  'pn-counter': pnCounter,
  'g-set': gSet,
  'or-set': orSet,
  'lww-register': lwwRegister,
  'op-map': opMap,
  rga,
  'collab-text': collabText,
};
