import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from '../deadline.ts';
import { describeOp, formatValue } from '../describe.ts';
import { healingOf } from '../final-reads.ts';
import { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import { type Operation, operationsOf } from '../operations.ts';
import { type Decisions, decisionsOf } from './decisions.ts';

/**
 * Two generals attack together or not at all (Gray 1978). Operations: `plan` (key: the battle), `log` (completion value:
 * what the node decided to attack so far, as `[battle, "attack"]`).
 *
 * *lone-attack*: one node attacks and another had not decided to so long after all was over: it never will. *validity*: a
 * node attacks though nobody planned that battle by then. If a deadline is given, *no-attack*: nobody attacks, though the battle was planned
 * when every fault was over; never to attack is safe, and of no use.
 */
export function coordinatedAttack(deadline?: Deadline): Checker {
  return {
    name: 'coordinated-attack',
    about: 'coordinated attack: all nodes attack in a battle that somebody planned, or none does',
    check: (history) => checkAttacks(history, deadline),
  };
}

function checkAttacks(history: History, promised: Deadline | undefined): Verdict {
  const findings = new Findings(history);
  const deadline = promised ?? AT_ONCE;
  const logs = decisionsOf(history, deadline.within);
  const plans = operationsOf(history).filter(({ f, outcome }) => f === 'plan' && outcome !== 'fail');
  const planned = new Map<unknown, number>();
  for (const { key, begin } of plans) if (!planned.has(identity(key))) planned.set(identity(key), begin);
  const battles = new Set<unknown>();
  for (const attacker of logs) {
    for (const [id, { subject }] of attacker.of) {
      battles.add(id);
      reportLoneAttack(findings, logs, attacker, id, subject);
      if ((planned.get(id) ?? Number.POSITIVE_INFINITY) < attacker.read.end) continue;
      const say = () =>
        `${attacker.node} attacks in battle ${formatValue(subject)}, which nobody had planned when it said so in ` +
        `${describeOp(history, attacker.read.event)}.`;
      findings.add('validity', [attacker.read.event], say);
    }
  }
  const finals = logs.filter(({ final }) => final);
  const healed = healingOf(history).index;
  const due = promised === undefined || finals.length < 2 ? [] : plans.filter(({ begin }) => begin > healed);
  for (const plan of due)
    if (plan.outcome === 'ok' && !battles.has(identity(plan.key)))
      reportPeace(history, findings, finals, plan);

  const early = logs.filter((log) => log.early).length;
  const vacuous = tooEarly(early, deadline, 'final log');
  if (battles.size === 0) vacuous.push('nobody ever attacked');
  if (early === 0 && finals.length < 2) vacuous.push('fewer than two nodes told what they decided');
  const counts = { plans: plans.length, battles: battles.size };
  return findings.verdict('coordinated-attack', { counts, vacuous });
}

function reportLoneAttack(
  findings: Findings,
  logs: readonly Decisions[],
  attacker: Decisions,
  id: unknown,
  battle: unknown,
): void {
  const other = logs.find(({ final, of }) => final && !of.has(id));
  if (other === undefined) return;
  const say = () =>
    `In battle ${formatValue(battle)} ${attacker.node} attacks and ${other.node} does not: when all was over, ` +
    `${other.node} had still not decided to.`;
  findings.add('lone-attack', [attacker.read.event, other.read.event], say);
}

function reportPeace(
  history: History,
  findings: Findings,
  finals: readonly Decisions[],
  plan: Operation,
): void {
  const say = () =>
    `${describeOp(history, plan.event)} was planned when every fault was over, and in the end nobody attacks in it.`;
  findings.add('no-attack', [plan.event, ...finals.map(({ read }) => read.event)], say);
}
