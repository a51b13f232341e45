import { healingOf } from '../../../checkers/final-reads.ts';
import { type Operation, operationsOf } from '../../../checkers/operations.ts';
import type { History } from '../../../histories/history.ts';

interface Log {
  readonly read: Operation;
  readonly events: readonly (readonly [what: string, message: unknown])[];
  readonly final: boolean;
}

/** Which properties of broadcast a history breaks, each by its definition, over all messages, pairs and paths. */
export function brokenByDefinition(history: History): string[] {
  const ops = operationsOf(history);
  const requests = ops.filter((op) => op.f === 'broadcast' && op.outcome !== 'fail');
  const updates = ops
    .filter((op) => op.f === 'broadcast')
    .flatMap((op) => [op.begin, history.pair[op.begin]!]);
  const over = Math.max(healingOf(history).index, ...updates);
  const logs = ops
    .filter((op) => op.f === 'log' && op.outcome === 'ok')
    .map((read): Log => ({ read, events: read.result as Log['events'], final: read.begin > over }));
  const messages = new Set([
    ...requests.map((op) => op.argument),
    ...logs.flatMap(({ events }) => events.map(([, message]) => message)),
  ]);
  const at = ({ events }: Log, message: unknown, what = 'deliver') =>
    events.findIndex((event) => event[0] === what && event[1] === message);
  const delivers = (log: Log, message: unknown) => at(log, message) >= 0;
  const pairs = [...messages].flatMap((a) =>
    [...messages].filter((b) => b !== a).map((b) => [a, b] as const),
  );
  /** Some node delivers b, and a not before it. */
  const misordered = (a: unknown, b: unknown) =>
    logs.some((log) => delivers(log, b) && !(delivers(log, a) && at(log, a) < at(log, b)));

  const invalid = requests.some((op) =>
    logs.some(
      (log) => op.outcome === 'ok' && log.final && log.read.node === op.node && !delivers(log, op.argument),
    ),
  );
  const undelivered = requests.some((op) =>
    logs.some(
      (sender) =>
        op.outcome === 'ok' &&
        sender.final &&
        sender.read.node === op.node &&
        logs.some((other) => other !== sender && other.final && !delivers(other, op.argument)),
    ),
  );
  const created = logs.some((log) =>
    [...messages].some((message) => {
      if (!delivers(log, message)) return false;
      const own = at(log, message, 'broadcast');
      const asked = requests.some((op) => op.argument === message && op.begin < log.read.end);
      return !asked || own > at(log, message);
    }),
  );
  const duplicated = logs.some(({ events }) =>
    [...messages].some(
      (m) => events.filter(([what, message]) => what === 'deliver' && message === m).length > 1,
    ),
  );
  const disagreed = logs.some((a) =>
    logs.some((b) => a.final && b.final && [...messages].some((m) => delivers(a, m) && !delivers(b, m))),
  );
  const sentInTurn = (a: unknown, b: unknown) =>
    logs.some((log) => at(log, a, 'broadcast') >= 0 && at(log, a, 'broadcast') < at(log, b, 'broadcast')) ||
    requests.some((first) =>
      requests.some(
        (second) =>
          first.argument === a &&
          second.argument === b &&
          first.outcome === 'ok' &&
          first.node === second.node &&
          first.end < second.begin &&
          !logs.some(({ read }) => read.node === first.node),
      ),
    );
  const happenedBefore = pathsFrom(pairs, (a, b) => {
    const heard = logs.some((log) => delivers(log, a) && at(log, a) < at(log, b, 'broadcast'));
    return heard || sentInTurn(a, b);
  });
  const swapped = logs.some((p) =>
    logs.some((q) =>
      pairs.some(
        ([a, b]) =>
          [p, q].every((log) => delivers(log, a) && delivers(log, b)) &&
          at(p, a) < at(p, b) &&
          at(q, b) < at(q, a),
      ),
    ),
  );
  const broken: Record<string, boolean> = {
    'causal-order': pairs.some(([a, b]) => happenedBefore(a, b) && misordered(a, b)),
    creation: created,
    delivery: undelivered,
    'delivery-agreement': disagreed,
    duplication: duplicated,
    'fifo-order': pairs.some(([a, b]) => sentInTurn(a, b) && misordered(a, b)),
    'self-delivery': invalid,
    'total-order': swapped,
  };
  return Object.keys(broken).filter((kind) => broken[kind]);
}

/** The transitive closure of a relation. */
function pathsFrom(
  pairs: readonly (readonly [unknown, unknown])[],
  related: (a: unknown, b: unknown) => boolean,
): (a: unknown, b: unknown) => boolean {
  const steps = pairs.filter(([a, b]) => related(a, b));
  return (from, to) => {
    const reached = new Set<unknown>([from]);
    for (const at of reached) for (const [a, b] of steps) if (a === at) reached.add(b);
    reached.delete(from);
    return reached.has(to);
  };
}
