import type { Anomaly, Validity, Verdict } from '../../checkers/checker.ts';
import { propertyOf } from '../../checkers/glossary/anomalies.ts';
import { faultTable } from './fault-table.ts';
import { wrap } from './layout.ts';
import type { Proof, Proofs } from './proof.ts';
import { proofTable } from './proof-table.ts';
import type { Style } from './style.ts';

/** Checkers that only measure: always valid. */
const MEASURES: ReadonlySet<string> = new Set(['stats', 'vacuity', 'performance', 'errors']);

/** What several checkers say, and all of them together. */
export interface Judged {
  readonly valid: Validity;
  readonly verdicts: readonly Verdict[];
}

/** What checkers found, for a person: first what is wrong and why, then what each says. `remark` follows the headline. */
export function judgement(judged: Judged, proofs: Proofs, style: Style, remark?: string): string {
  const { verdicts } = judged;
  const explained = verdicts.flatMap((verdict, i) => explanation(verdict, proofs[i], style));
  return [headline(judged, remark, style), ...explained, summary(judged, style)].join('\n\n');
}

function headline({ valid, verdicts }: Judged, remark: string | undefined, { paint }: Style): string {
  if (valid === true) {
    const weak = verdicts.some(({ vacuous }) => vacuous.length > 0);
    return `${paint.green('✓ valid')}${weak ? paint.yellow(', but this pass proves little') : ''}`;
  }
  if (valid === 'unknown') return paint.yellow('? unknown: no violation found, but not all could be judged');
  const kinds = new Set(
    verdicts.flatMap(({ anomalies: [first] }) => (first === undefined ? [] : [first.kind])),
  );
  return paint.red(
    `${paint.bold(`✗ ${byProperty([...kinds])}`)}${remark === undefined ? '' : ` - ${remark}`}`,
  );
}

/** `stale-read`, `liveness: undelivered`, `divergence; liveness: undelivered`: what goes without saying is safety. */
function byProperty(kinds: readonly string[]): string {
  const safety = kinds.filter((kind) => propertyOf(kind) === 'safety');
  const liveness = kinds.filter((kind) => propertyOf(kind) === 'liveness');
  const late = liveness.length === 0 ? [] : [`liveness: ${liveness.join(', ')}`];
  return [...(safety.length === 0 ? [] : [safety.join(', ')]), ...late].join('; ');
}

/** The smallest anomaly of a verdict, told and proved. */
function explanation({ anomalies: [first] }: Verdict, proof: Proof | undefined, style: Style): string[] {
  if (first === undefined) return [];
  const told = wrap(first.message, style.width, '  ');
  if (proof === undefined || proof.rows.length === 0) return [told];
  const faults = faultTable(proof, style, '    ');
  return [told, proofTable(proof, style, '    '), ...(faults === '' ? [] : [faults])];
}

/** A line for each checker that judged something, and one for each reason to doubt what is not a violation. */
function summary({ valid: all, verdicts }: Judged, { paint, width }: Style): string {
  const lines: string[] = [];
  const doubts = new Set<string>();
  for (const { checker, valid, property, anomalies, counts, vacuous, reason, notes = [] } of verdicts) {
    for (const doubt of vacuous) doubts.add(doubt);
    if (valid === true && MEASURES.has(checker)) continue;
    const mark = valid === true ? paint.green('✓') : valid === false ? paint.red('✗') : paint.yellow('?');
    const found = anomalies.length === 0 ? '' : `: ${tally(anomalies, counts)}`;
    const kind = property === undefined ? '' : paint.dim(` (${property})`);
    lines.push(wrap(`${mark} ${checker}${kind}${found}`, width, '  '));
    if (reason !== undefined) lines.push(wrap(paint.yellow(reason), width, '    '));
    for (const note of notes) lines.push(wrap(note, width, '    '));
  }
  if (all !== false) for (const doubt of doubts) lines.push(wrap(paint.yellow(`! ${doubt}`), width, '  '));
  return lines.join('\n');
}

/** `3 stale-read, 1 lost`, the most frequent first; of many a checker counts more than it keeps. */
function tally(anomalies: readonly Anomaly[], counts: Verdict['counts']): string {
  const totals = new Map<string, number>();
  for (const { kind } of anomalies) totals.set(kind, (totals.get(kind) ?? 0) + 1);
  return [...totals]
    .map(([kind, kept]) => [kind, Math.max(kept, counts[kind] ?? 0)] as const)
    .sort((a, b) => b[1] - a[1])
    .map(([kind, n]) => `${n} ${kind}`)
    .join(', ');
}
