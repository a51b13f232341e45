import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import type { Checker, Verdict } from '../checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from '../deadline.ts';
import { describeOp, formatValue } from '../describe.ts';
import { faultyNodes } from '../faulty-nodes.ts';
import { placeOf } from '../final-reads.ts';
import { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import { type Operation, operationsOf } from '../operations.ts';
import { type Decisions, decisionsOf } from './decisions.ts';

/** What a general decides who heard nothing (Lamport, Shostak and Pease 1982, section 3). */
const DEFAULT = 'retreat';

/**
 * Interactive consistency among the honest (Lamport, Shostak and Pease 1982, IC1 and IC2). Operations: `command` (value:
 * the order; completion value: `{ council }`, which names the decision), `log` (completion value: the node's decisions so
 * far, as `[council, decision]`); a council that a node heard nothing of, it decided on with `retreat`. A node that ever
 * lied, died or lost its disk is not judged, nor are the orders that it gave. Who has not decided so long after all was
 * over has heard nothing.
 *
 * *agreement*: two honest nodes decided differently. *validity*: an honest node decided otherwise than an honest
 * commander had ordered.
 */
export function byzantineAgreement({ within }: Deadline = AT_ONCE): Checker {
  return {
    name: 'byzantine-agreement',
    about: 'Byzantine agreement: honest nodes decide the same, and what an honest commander ordered',
    check: (history) => checkAgreement(history, within),
  };
}

function checkAgreement(history: History, within: Nanos): Verdict {
  const findings = new Findings(history);
  const faulty = faultyNodes(history);
  const honest = decisionsOf(history, within).filter(({ node }) => !faulty.has(node));
  const councils = new Map(honest.flatMap(({ of }) => [...of].map(([id, { subject }]) => [id, subject])));
  for (const [id, council] of councils) reportDisagreement(findings, honest, id, council);

  const commands = operationsOf(history).filter(({ f, outcome }) => f === 'command' && outcome === 'ok');
  const loyal = commands.filter((op) => !faulty.has(placeOf(op)));
  for (const command of loyal) reportDisobedience(history, findings, honest, command);

  const counts = {
    councils: councils.size,
    orders: loyal.length,
    honest: honest.length,
    faulty: faulty.size,
  };
  const early = tooEarly(honest.filter((log) => log.early).length, { within }, 'final log');
  return findings.verdict('byzantine-agreement', {
    counts,
    vacuous: [...whyVacuous(counts, honest), ...early],
  });
}

function whyVacuous(
  { councils, honest: logs }: { readonly councils: number; readonly honest: number },
  honest: readonly Decisions[],
): string[] {
  if (logs < 2) return ['fewer than two honest nodes told what they decided'];
  if (councils === 0) return ['nothing was ever decided'];
  const attacks = honest.some(({ of }) => [...of.values()].some(({ decision }) => decision !== DEFAULT));
  return attacks ? [] : [`every decision was ${DEFAULT}, which is what a node decides that hears nothing`];
}

/** What a node decided; undefined while it may still be deciding. */
function decisionOf({ of, final }: Decisions, id: unknown): unknown {
  return of.get(id)?.decision ?? (final ? DEFAULT : undefined);
}

/** Two honest nodes, one with the first decision and one with another. */
function reportDisagreement(
  findings: Findings,
  honest: readonly Decisions[],
  id: unknown,
  council: unknown,
): void {
  const decided = honest.filter((log) => decisionOf(log, id) !== undefined);
  const [first] = decided;
  const other = decided.find((log) => decisionOf(log, id) !== decisionOf(first!, id));
  if (first === undefined || other === undefined) return;
  const say = () =>
    `In council ${formatValue(council)}, ${tellDecision(first, id)} and ${tellDecision(other, id)}, ` +
    'and both are honest.';
  findings.add('agreement', [first.read.event, other.read.event], say);
}

function reportDisobedience(
  history: History,
  findings: Findings,
  honest: readonly Decisions[],
  command: Operation,
): void {
  const council = (command.result as { readonly council?: unknown } | null)?.council;
  const id = identity(council);
  for (const log of honest) {
    const decision = decisionOf(log, id);
    if (decision === undefined || decision === command.argument) continue;
    const say = () =>
      `${describeOp(history, command.event)} was an order of an honest commander, yet ${tellDecision(log, id)}, ` +
      'which is honest too.';
    findings.add('validity', [command.event, log.read.event], say);
    return;
  }
}

/** `n2 decided "attack"`. */
function tellDecision(log: Decisions, id: unknown): string {
  const heard = log.of.has(id) ? '' : ', for it heard nothing';
  return `${log.node} decided ${formatValue(decisionOf(log, id))}${heard}`;
}
