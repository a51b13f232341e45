import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from '../deadline.ts';
import { Findings } from '../findings.ts';
import { byKey, operationsOf } from '../operations.ts';
import {
  checkCreation,
  checkDelivery,
  checkDeliveryAgreement,
  checkDuplication,
  checkSelfDelivery,
} from './delivery.ts';
import { BROADCAST_LEVELS, type BroadcastLevel, LEVELS } from './levels.ts';
import { type Run, readRun } from './logs.ts';
import { checkCausal, checkFifo, checkTotal } from './orders.ts';
import type { Report } from './report.ts';

export interface BroadcastOptions {
  /** What the broadcast promises. Default `reliable`. */
  readonly level?: BroadcastLevel;
  /** By when messages must have come. Default: by the last logs. */
  readonly deadline?: Deadline;
}

/**
 * Broadcast among nodes (Hadzilacos and Toueg, A modular approach to fault-tolerant broadcasts and related problems,
 * 1994). Operations: `broadcast` (value: the message, which nobody else ever broadcasts; ok: the node has broadcast it)
 * on the node that is to broadcast it, and `log` (completion value: all that the node has done so far, in its own order,
 * as `["broadcast", m]` and `["deliver", m]`); the last log from each node counts. The key says which group of nodes.
 *
 * Best-effort: *self-delivery* (a node delivers what it acknowledged; also called validity), *delivery* (and so do all
 * others, if it lives), no *duplication*, no *creation*. Reliable: *delivery-agreement* (what one node delivers, all do, which implies
 * *delivery*). And *fifo-order* (of one sender), *causal-order* (of what the sender had delivered; with FIFO order),
 * *total-order* (the same everywhere). What must be delivered is of liveness, and judges the nodes whose log was read after every
 * broadcast and every fault were over; a node that crashed for good gives none and is blamed for nothing.
 *
 * `details.broken` counts what was broken of all properties, promised or not, and `details.levels` lists the levels that
 * the history allows.
 */
export function broadcast(options: BroadcastOptions = {}): Checker {
  const level = options.level ?? 'reliable';
  return {
    name: `${level}-broadcast`,
    about: `${level} broadcast: ${LEVELS[level].map((kind) => ABOUT[kind]).join(', ')}`,
    check: (history) => checkBroadcast(history, level, options.deadline ?? AT_ONCE),
  };
}

const ABOUT: Readonly<Record<string, string>> = {
  'self-delivery': 'what is acknowledged is delivered',
  delivery: 'by every node if the sender lives',
  duplication: 'once',
  creation: 'nothing else is',
  'delivery-agreement': 'by all nodes or none',
  'fifo-order': "in each sender's order",
  'causal-order': 'in causal order',
  'total-order': 'in one order everywhere',
};

const CHECKS = [
  checkSelfDelivery,
  checkDelivery,
  checkDuplication,
  checkCreation,
  checkDeliveryAgreement,
  checkFifo,
  checkCausal,
  checkTotal,
];

function checkBroadcast(history: History, level: BroadcastLevel, deadline: Deadline): Verdict {
  const findings = new Findings(history);
  const beyond: Record<string, number> = {};
  const promised: readonly string[] = LEVELS[level];
  const operations = operationsOf(history).filter((op) => op.f === 'broadcast' || op.f === 'log');
  const counts = { broadcasts: 0, logs: 0, deliveries: 0 };
  const runs = [...byKey(operations)].map(([key, ops]) => {
    const run = readRun(history, ops, deadline.within);
    const report: Report = (kind, proof, message) => {
      if (promised.includes(kind)) {
        const events = proof.map((op) => op.event);
        findings.add(kind, events, message, key);
      } else beyond[kind] = (beyond[kind] ?? 0) + 1;
    };
    for (const check of CHECKS) check(run, report);
    counts.broadcasts += run.requests.length;
    counts.logs += run.logs.length;
    for (const { deliveredAt } of run.logs) counts.deliveries += deliveredAt.size;
    return run;
  });
  const broken = { ...findings.counts(), ...beyond };
  const levels = BROADCAST_LEVELS.filter((each) => LEVELS[each].every((kind) => !(kind in broken)));
  const details = { broken, levels, silentNodes: [...new Set(runs.flatMap(({ silent }) => silent))].sort() };
  return findings.verdict(`${level}-broadcast`, {
    counts,
    vacuous: whyVacuous(runs, promised, deadline),
    details,
  });
}

function whyVacuous(runs: readonly Run[], promised: readonly string[], deadline: Deadline): string[] {
  const logs = runs.flatMap((run) => run.logs);
  if (logs.length === 0) return ["no node's log was read"];
  const out: string[] = [];
  if (logs.every(({ deliveredAt }) => deliveredAt.size === 0)) out.push('no message was ever delivered');
  const early = logs.filter((log) => log.early).length;
  out.push(...tooEarly(early, deadline, 'final log'));
  if (early === 0 && logs.filter(({ final }) => final).length < 2)
    out.push('no two logs were read after every broadcast and every fault were over');
  const sent = logs.flatMap((log) => log.sent);
  if (promised.includes('fifo-order') && sent.every(({ previous }) => previous === undefined))
    out.push('no node broadcast twice');
  if (promised.includes('causal-order') && sent.every(({ delivered }) => delivered.length === 0))
    out.push('no node broadcast anything after it had delivered something');
  if (promised.includes('total-order') && logs.every(({ deliveredAt }) => deliveredAt.size < 2))
    out.push('no node delivered two messages');
  return out;
}
