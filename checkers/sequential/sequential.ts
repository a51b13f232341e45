import type { History } from '../../histories/history.ts';
import { judge } from '../causal/causal.ts';
import { describe, eventsOf } from '../causal/explain.ts';
import { readSessions, type Sessions } from '../causal/sessions.ts';
import { writesByKey } from '../causal/writes-by-key.ts';
import type { Budget, Checker } from '../checker.ts';
import type { Findings } from '../findings.ts';
import { Rechecking } from '../online.ts';
import { illegalCore } from './core.ts';
import { findInterleaving } from './interleaving.ts';
import { type Must, mustPrecede } from './must-precede.ts';

/**
 * Sequential consistency (Lamport 1979) of keyed registers: one sequence of all operations that keeps each process's order
 * explains every read. Operations as for `causal`; a `cas` is atomic. NP-complete also for unique values (Gibbons and Korach
 * 1997): what must precede what decides most histories, a bounded search the rest; over the budget the answer is unknown.
 * A violation is told by a part of the history that can't be made smaller.
 */
export function sequential(): Checker {
  return {
    name: 'sequential',
    about: 'sequential consistency of registers: one sequence, in the order of each process, explains all',
    check: (history, { budget }) =>
      judge('sequential', history, (sessions, findings) => {
        const decision = decide(sessions, budget);
        if (decision === 'legal') return undefined;
        if ('reason' in decision) return decision.reason;
        report(findings, history, sessions, decision, budget);
        return undefined;
      }),
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

type Decision =
  | 'legal'
  | { readonly cycle: readonly Must[] }
  | { readonly stuckAt: readonly number[] }
  | { readonly reason: string };

function decide(sessions: Sessions, budget: Budget): Decision {
  const writes = writesByKey(sessions);
  const must = mustPrecede(sessions, writes, budget);
  if (!('edges' in must)) return must;
  const found = findInterleaving(sessions, writes, must, budget);
  return found === 'found' ? 'legal' : found;
}

/** The budget of each attempt to make a violation smaller. */
const SHRINKING_STEPS = 20_000;

function report(
  findings: Findings,
  history: History,
  sessions: Sessions,
  decision: Exclude<Decision, 'legal' | { reason: string }>,
  budget: Budget,
): void {
  const small = { ...budget, steps: Math.min(budget.steps, SHRINKING_STEPS) };
  const core = illegalCore(history, (part) => {
    const partial = readSessions(part);
    if ('reason' in partial) return false;
    const answer = decide(partial, small);
    return answer !== 'legal' && !('reason' in answer);
  });
  if (core === null) {
    reportDecision(findings, sessions, decision);
    return;
  }
  const partial = readSessions(core);
  if ('reason' in partial) throw new Error(partial.reason);
  const answer = decide(partial, small);
  if (answer === 'legal' || 'reason' in answer) reportDecision(findings, sessions, decision);
  else reportCore(findings, history, partial, answer);
}

function reportDecision(
  findings: Findings,
  sessions: Sessions,
  decision: { readonly cycle: readonly Must[] } | { readonly stuckAt: readonly number[] },
): void {
  if ('cycle' in decision) {
    const ops = decision.cycle.flatMap(({ from, to, read }) => (read < 0 ? [from, to] : [from, to, read]));
    const say = () =>
      `No sequence of the operations explains every read: ${tellCycle(sessions, decision.cycle)}.`;
    findings.add('nonsequential', eventsOf(sessions, ops), say);
    return;
  }
  const say = () =>
    'No sequence of the operations explains every read. The longest that keeps the order of each process can go on with ' +
    `none of these: ${decision.stuckAt.map((op) => describe(sessions, op)).join('; ')}.`;
  findings.add('nonsequential', eventsOf(sessions, decision.stuckAt), say);
}

/** `sessions` holds just the operations of the core, a part of `history`. */
function reportCore(
  findings: Findings,
  history: History,
  sessions: Sessions,
  decision: { readonly cycle: readonly Must[] } | { readonly stuckAt: readonly number[] },
): void {
  const events = [...new Set(sessions.event)].sort((a, b) => a - b);
  const say = () => {
    const why = 'cycle' in decision ? `: ${tellCycle(sessions, decision.cycle)}` : '';
    const [only] = events;
    if (events.length === 1 && only !== undefined) return `Nothing explains ${describe(sessions, 0)}${why}.`;
    return `No sequence of these ${events.length} operations, in the order of each process, explains every read${why}.`;
  };
  const whole = new Set(events.map((i) => sessions.history.origin(i)));
  const proof: number[] = [];
  for (let i = 0; i < history.length; i++) if (whole.has(history.origin(i))) proof.push(i);
  findings.add('nonsequential', proof, say);
}

function tellCycle(sessions: Sessions, cycle: readonly Must[]): string {
  const tell = ({ from, to, why, read }: Must): string => {
    const first = describe(sessions, from);
    const second = describe(sessions, to);
    switch (why) {
      case 'session':
        return `${first} comes before ${second} in its process`;
      case 'read':
        return `${first} comes before ${second}, which read its value`;
      case 'initial':
        return `${first}, which saw no value, comes before ${second}`;
      case 'overwritten':
        return `${first} comes before ${second}, whose value ${describe(sessions, read)} returned though the first comes before it too`;
      case 'read-first':
        return `${first} comes before ${second}, which must come after the write that the first has read`;
    }
  };
  return `${cycle.map(tell).join('; ')}; and so around`;
}
