import type { History } from '../../histories/history.ts';
import { describeOp, formatValue } from '../describe.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import type { Findings } from '../findings.ts';
import { identity } from '../identity.ts';
import type { Operation } from '../operations.ts';
import type { Logs, Message, Partition } from './partitions.ts';

/** `to` polled what `from` sent, or sent a message that stands right after one of `from`. */
interface Dependency {
  readonly kind: 'wr' | 'ww';
  readonly from: Message;
  readonly to: Message;
}

/**
 * Cycles among transactions: *G1c*, each polled what another sent, around; with `isolatedWrites` also *G0*, each sent right
 * after another, and G1c through both kinds of dependency. Kafka itself does not isolate writes.
 */
export function reportCycles(
  history: History,
  findings: Findings,
  logs: Logs,
  isolatedWrites: boolean,
): void {
  const numbers = new Map<Operation, number>();
  for (const { op } of logs.operations) numbers.set(op, numbers.size);
  const edges = new Edges();
  const dependencies: Dependency[] = [];
  const add = (kind: Dependency['kind'], from: Message, to: Message): void => {
    if (from.op === to.op) return;
    dependencies[edges.add(numbers.get(from.op)!, numbers.get(to.op)!)] = { kind, from, to };
  };
  for (const { op, polls } of logs.operations) {
    if (op.outcome !== 'ok') continue;
    for (const message of polls.flat()) {
      const sender = writerOf(logs.partitions.get(message.partition)!, message);
      if (sender !== undefined) add('wr', sender, message);
    }
  }
  if (isolatedWrites) for (const partition of logs.partitions.values()) addWrites(partition, add);
  const graph = edges.graph(numbers.size);
  for (const component of cyclicComponents(graph)) {
    const cycle = shortCycle(graph, component, () => false).map((edge) => dependencies[graph.label[edge]!]!);
    const kind = cycle.every((step) => step.kind === 'ww') ? 'G0' : 'G1c';
    const say = () => `${cycle.map((step) => tell(history, step)).join('; ')}: a circle.`;
    findings.add(
      kind,
      cycle.map(({ from }) => from.op.event),
      say,
    );
  }
}

function addWrites(
  partition: Partition,
  add: (kind: Dependency['kind'], from: Message, to: Message) => void,
): void {
  let before: Message | undefined;
  for (const offset of partition.offsets) {
    const sender = writerOf(partition, partition.log.get(offset)![0]!);
    if (before !== undefined && sender !== undefined) add('ww', before, sender);
    before = sender;
  }
}

/** Who sent a message, if only one operation did. */
function writerOf({ sends }: Partition, message: Message): Message | undefined {
  const senders = sends.get(identity(message.value)) ?? [];
  return senders.length === 1 ? senders[0] : undefined;
}

function tell(history: History, { kind, from, to }: Dependency): string {
  const [a, b] = [describeOp(history, from.op.event), describeOp(history, to.op.event)];
  return kind === 'wr'
    ? `${b} polled ${formatValue(from.value)} from log ${from.partition}, which ${a} had sent`
    : `${b} sent ${formatValue(to.value)} to log ${from.partition} right after ${formatValue(from.value)} of ${a}`;
}
