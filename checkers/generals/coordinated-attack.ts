import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import { operationsOf } from '../operations.ts';
import { type Decisions, decisionsOf } from './decisions.ts';

/**
 * Two generals attack together or not at all (Gray 1978). Operations: `plan` (key: the battle), `log` (completion value:
 * what the node decided to attack so far, as `[battle, "attack"]`).
 *
 * *lone-attack*: in the end one node attacks and another does not. *validity*: a node attacks though nobody planned that
 * battle by then.
 */
export function coordinatedAttack(): Checker {
  return {
    name: 'coordinated-attack',
    about: 'coordinated attack: all nodes attack in a battle that somebody planned, or none does',
    check: checkAttacks,
  };
}

function checkAttacks(history: History): Verdict {
  const findings = new Findings(history);
  const logs = decisionsOf(history);
  const plans = operationsOf(history).filter(({ f, outcome }) => f === 'plan' && outcome !== 'fail');
  const planned = new Map(plans.map((op) => [identity(op.key), op.begin]));
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
  const vacuous = battles.size === 0 ? ['nobody ever attacked'] : [];
  if (logs.filter(({ final }) => final).length < 2)
    vacuous.push('fewer than two nodes told what they decided');
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
