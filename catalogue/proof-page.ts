import { grouped } from '../src/report/counts.ts';
import { formatDuration } from '../src/world/nanos.ts';
import { type BugProof, median, type RightProof, type SystemProof } from './prove.ts';

/** Where and how proofs were made. */
export interface ProofPlace {
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
}

/** The page of the docs that shows what was proved. */
export function proofPage(proofs: readonly SystemProof[], { cores, processor, node }: ProofPlace): string {
  const bugs = proofs.flatMap(({ system, bugs }) => bugs.map((bug) => ({ system, ...bug })));
  const right = proofs.flatMap(({ system, right }) => right.map((each) => ({ system, ...each })));
  const found = bugs.filter(({ seeds }) => seeds.every((count) => count !== null)).length;
  const runs = right.reduce((sum, each) => sum + each.runs, 0);
  const valid = right.reduce((sum, each) => sum + each.valid, 0);
  const proved = right.reduce((sum, each) => sum + each.proved, 0);
  return `# The proof

Made by \`npm run proof\` on ${cores} cores (${processor}, Node ${node}). Each bug is looked for from five seeds on, with the nemeses that it
names, until it is found: ${found} of ${bugs.length} were found from all five. Each right system runs under swarms of faults within its model,
its seeds shared out among its workloads, and a quarter as many with nodes that never come back where it assumes that they may:
${grouped(valid)} of ${grouped(runs)} runs were valid. Safety and liveness are judged alike.
A pass is vacuous when something that the checker needs never happened, such as a read that saw a value: a system that a dead node
stops has many. It counts for nothing, and more seeds are run until as many as were asked for have proved something: ${grouped(proved)} did.

## Bugs

| system | bug | workload | nemesis | seeds until found: median (of five) | time | found as |
|---|---|---|---|---|---|---|
${bugs.map(bugRow).join('\n')}

## Right systems

| system | workload | nodes | runs | of | valid | proved something | vacuous | operations | faults |
|---|---|---|---|---|---|---|---|---|---|
${right.map(rightRow).join('\n')}
`;
}

function bugRow({
  system,
  bug,
  workload,
  nemeses,
  seeds,
  anomalies,
  seconds,
}: BugProof & { system: string }): string {
  const counts = seeds.map((count) => (count === null ? 'not found' : String(count)));
  const middle = median(seeds.map((count) => count ?? Number.POSITIVE_INFINITY));
  const cells = [
    system,
    bug,
    workload,
    nemeses,
    `${Number.isFinite(middle) ? middle : 'not found'} (${counts.join(', ')})`,
    `${seconds.toFixed(1)} s`,
    anomalies.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function rightRow({
  system,
  workload,
  nodes,
  runs,
  timeLimit,
  valid,
  proved,
  doubtful,
  vacuous,
  operations,
  faults,
}: RightProof & { system: string }): string {
  const doubts = doubtful.length === 0 ? '' : ` (seeds ${doubtful.slice(0, 3).join(', ')})`;
  const reasons = Object.entries(vacuous).map(([reason, count]) => `${count}: ${reason}`);
  const cells = [
    system,
    workload,
    nodes,
    grouped(runs),
    formatDuration(timeLimit),
    `${grouped(valid)}${doubts}`,
    grouped(proved),
    reasons.join('; ') || 'none',
    grouped(operations),
    grouped(faults),
  ];
  return `| ${cells.join(' | ')} |`;
}
