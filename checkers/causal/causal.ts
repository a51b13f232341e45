import type { History } from '../../histories/history.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { Findings } from '../findings.ts';
import { Rechecking } from '../online.ts';
import { arbitrationCycles } from './arbitration.ts';
import { type CausalOrder, causalOrderOf } from './causal-order.ts';
import { RecentWrites } from './recent-writes.ts';
import {
  reportArbitrationCycle,
  reportCausalCycle,
  reportStaleRead,
  reportThinAir,
  reportViewless,
} from './report.ts';
import { readSessions, type Sessions } from './sessions.ts';
import { compareReads } from './stale-reads.ts';
import { ViewTooCostly } from './view.ts';
import { causalViews, sessionViews } from './view-orders.ts';
import { type WritesByKey, writesByKey } from './writes-by-key.ts';

/**
 * Three meanings of causal consistency. All demand that whoever sees a write has seen everything that led to it.
 * `causal`: that alone (CC). `causal-convergence`: all sessions also agree on one order of the writes (CCv). `causal-memory`:
 * instead, each session sees the writes in one order, perhaps its own (CM).
 */
export type CausalLevel = 'causal' | 'causal-convergence' | 'causal-memory';

export const CAUSAL_LEVELS: readonly CausalLevel[] = ['causal', 'causal-convergence', 'causal-memory'];

const ABOUT: Readonly<Record<CausalLevel, string>> = {
  causal: 'causal consistency of registers (CC): no read misses what happened before it',
  'causal-convergence': 'causal convergence of registers (CCv): causal, with one order of writes for all',
  'causal-memory': 'causal memory of registers (CM): causal, and each session sees writes in one order',
};

/**
 * Causal consistency of keyed registers, by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza ("On verifying causal
 * consistency", POPL 2017). Operations: `write` (value, unique for each key), `read` (completion value: what it saw, null
 * at first), `cas` (value: `[old, new]`); the key says which register; each process is a session.
 */
export function causal(options: { readonly level?: CausalLevel } = {}): Checker {
  const level = options.level ?? 'causal';
  return {
    name: level,
    about: ABOUT[level],
    check: (history, { budget }) =>
      judge(level, history, (sessions, findings) => checkCausal(level, sessions, findings, budget)),
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

/**
 * PRAM (Lipton and Sandberg 1988) of keyed registers: each session can explain what it read by one order of all writes
 * that keeps every session's own order. Operations as for `causal`.
 */
export function pram(): Checker {
  return {
    name: 'pram',
    about: 'PRAM consistency of registers: each session sees the writes of every session in their order',
    check: (history, { budget }) =>
      judge('pram', history, (sessions, findings) => {
        for (const viewless of sessionViews(sessions, writesByKey(sessions), budget)) {
          reportViewless(findings, sessions, viewless, 'NoView');
        }
        return undefined;
      }),
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

/** Runs `check` over the sessions of a history; what it returns is the reason why it could not finish. */
export function judge(
  checker: string,
  history: History,
  check: (sessions: Sessions, findings: Findings) => string | undefined,
): Verdict {
  const sessions = readSessions(history);
  const unknown = (reason: string, counts: Record<string, number>): Verdict => ({
    checker,
    valid: 'unknown',
    anomalies: [],
    counts,
    vacuous: [],
    reason,
  });
  if ('reason' in sessions) return unknown(sessions.reason, {});
  const findings = new Findings(history);
  for (const read of sessions.thinAir) reportThinAir(findings, sessions, read);
  const counts = countOps(sessions);
  let reason: string | undefined;
  try {
    reason = check(sessions, findings);
  } catch (error) {
    if (!(error instanceof ViewTooCostly)) throw error;
    reason = 'the budget ran out while the views of the sessions were computed';
  }
  if (reason !== undefined && !findings.any) return unknown(reason, counts);
  return findings.verdict(checker, { counts, vacuous: whyVacuous(sessions) });
}

function countOps({ size, count, writer }: Sessions): Record<string, number> {
  let writes = 0;
  for (let op = 0; op < size; op++) if (writer[op] === op) writes++;
  return { reads: size - writes, writes, sessions: count };
}

function whyVacuous({ size, writer, thinAir }: Sessions): string[] {
  let saw = thinAir.length > 0;
  for (let op = 0; op < size && !saw; op++) saw = writer[op]! >= 0 && writer[op] !== op;
  return saw ? [] : ['no read ever saw a written value'];
}

function checkCausal(
  level: CausalLevel,
  sessions: Sessions,
  findings: Findings,
  budget: Budget,
): string | undefined {
  const order = causalOrderOf(sessions, budget);
  if ('reason' in order) return order.reason;
  if ('cycle' in order) {
    reportCausalCycle(findings, sessions, order.cycle);
    return undefined;
  }
  const writes = writesByKey(sessions);
  const recent = new RecentWrites(order, writes);
  const { stale, conflicts } = compareReads(order, writes, recent, level === 'causal-convergence');
  for (const read of stale) reportStaleRead(findings, order, read);
  // The patterns of the stronger levels presuppose the weaker one.
  if (stale.length > 0) return undefined;
  if (conflicts !== undefined) {
    for (const cycle of arbitrationCycles(sessions, conflicts))
      reportArbitrationCycle(findings, sessions, cycle);
  }
  if (level === 'causal-memory') checkMemory(order, writes, recent, findings, budget);
  return undefined;
}

function checkMemory(
  order: CausalOrder,
  writes: WritesByKey,
  recent: RecentWrites,
  findings: Findings,
  budget: Budget,
): void {
  for (const viewless of causalViews(order, writes, recent, budget)) {
    reportViewless(
      findings,
      order.sessions,
      viewless,
      viewless.violation.kind === 'initial' ? 'WriteHBInitRead' : 'CyclicHB',
    );
  }
}
