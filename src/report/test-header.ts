import type { ResolvedSpec } from '../spec/resolve.ts';
import { shortNemesis, shortWorkload } from '../spec/short-form.ts';
import { formatDuration } from '../world/nanos.ts';
import { counted, grouped } from './counts.ts';
import { wrap } from './layout.ts';
import type { Style } from './style.ts';

/** What is about to be tested, in two lines or so. */
export function testHeader(resolved: ResolvedSpec, seeds: string, { paint, width }: Style): string {
  const { spec } = resolved;
  const bugs = spec.bugs.length === 0 ? '' : ` with ${spec.bugs.join(' and ')}`;
  const nemeses = resolved.nemeses.map(shortNemesis).join(', ');
  const details = [
    `workload ${shortWorkload(resolved)}`,
    nemeses === '' ? 'no nemesis' : `nemesis ${nemeses}`,
    counted(spec.nodes, 'node'),
    counted(spec.concurrency, 'client'),
    `${grouped(spec.rate)} operations/s`,
    formatDuration(spec.timeLimit),
    seeds,
  ];
  return `${paint.bold(`${spec.system}${bugs}`)}\n${paint.dim(wrapBetween(details, width))}`;
}

/** Details in as many lines as they need, none of them broken but a list at its commas. */
function wrapBetween(details: readonly string[], width: number): string {
  const unbroken = details.map((detail) => detail.replace(/(?<!,) /g, '\u00a0'));
  return wrap(unbroken.join('\u00a0· '), width).replaceAll('\u00a0', ' ');
}
