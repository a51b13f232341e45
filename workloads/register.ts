import { causal } from '../checkers/causal/causal.ts';
import { sessionGuarantees } from '../checkers/causal/session-guarantees.ts';
import { convergence } from '../checkers/convergence.ts';
import { linearizable } from '../checkers/linearizable/linearizable.ts';
import { measured } from '../checkers/measured.ts';
import { regular } from '../checkers/regular.ts';
import { stats } from '../checkers/stats.ts';
import type { Key } from '../histories/op.ts';
import { operations } from '../src/generator/operations.ts';
import type { AnyParameterValues, Parameters, ParameterValues } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import type { Guarantee } from '../src/world/system.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { readEverywhere } from './final-reads.ts';
import { judgedInTime, promisesLinearizability } from './promises.ts';
import { RecentValues } from './recent-values.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  keys: { type: 'integer', default: 3, min: 1, about: 'registers; few, so that clients meet' },
  reads: { type: 'number', default: 2, min: 0, about: 'share of reads, relative to the others' },
  writes: { type: 'number', default: 1, min: 0, about: 'share of writes' },
  cas: { type: 'number', default: 1, min: 0, about: 'share of compare-and-set' },
  deletes: { type: 'number', default: 0.25, min: 0, about: 'share of deletions' },
} as const satisfies Parameters;

/**
 * Keyed registers. `read`: null → the value, null at first; `write`: the value, which nobody else ever writes;
 * `cas`: `[from, to]`, fails with `mismatch`, `from` being a value that was recently there; `delete`: null, after which
 * reads find null again.
 */
export const register: Workload = {
  name: 'register',
  about: 'reads, writes, compare-and-sets and deletions of a few registers; every written value is unique',
  parameters: PARAMETERS,
  generator({ functions, parameters }) {
    const { keys } = typed(parameters);
    const draw = functionDrawer(functions, parameters);
    const recent = new RecentValues();
    let written = 0;
    const ops = operations(({ random }) => {
      const f = draw(random);
      const key = keyOf(random.int(keys));
      if (f === 'read' || f === 'delete') return { f, key, value: null };
      if (f === 'write') return { f, key, value: ++written };
      return { f, key, value: [recent.draw(key, random), ++written] };
    });
    return {
      next: ops.next,
      observe({ type, f, key, value }) {
        if (type !== 'ok' || key === undefined) return;
        recent.note(key, f === 'cas' ? (value as readonly unknown[])[1] : value);
      },
    };
  },
  /** A write that never came to some node would not be missed there once its register is written anew. */
  afterHealing: ({ guarantees }) =>
    guarantees.includes('eventual') ? (op) => ({ ...op, key: laterKey(op.key) }) : undefined,
  finale(options) {
    const used = Array.from({ length: typed(options.parameters).keys }, (_, i) => keyOf(i));
    const keys = options.guarantees.includes('eventual') ? [...used, ...used.map(laterKey)] : used;
    return readEverywhere(
      options,
      keys.map((key) => ({ f: 'read', key, value: null })),
    );
  },
  checkers(options) {
    const { guarantees, functions } = options;
    const out = [stats()];
    // Without more than that, a session may find itself in the past. A deleted value can't be told from one never written.
    if (isOnlyEventual(guarantees) && !functions.includes('delete'))
      out.unshift(measured(sessionGuarantees()));
    if (guarantees.includes('eventual')) out.unshift(...judgedInTime(options, 'convergence', convergence));
    if (guarantees.includes('causal'))
      out.unshift(sessionGuarantees(), causal({ level: 'causal-convergence' }));
    if (guarantees.includes('regular')) out.unshift(regular());
    if (promisesLinearizability(guarantees)) out.unshift(linearizable());
    return out;
  },
};

function isOnlyEventual(guarantees: readonly Guarantee[]): boolean {
  return guarantees.includes('eventual') && !guarantees.some((g) => g === 'causal' || g === 'regular');
}

function typed(parameters: AnyParameterValues): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

function keyOf(i: number): Key {
  return `x${i}`;
}

/** The register that takes the place of one after the healing. */
function laterKey(key: Key | undefined): Key {
  return String(key).replace('x', 'y');
}

/** Draws one of the served functions, each by its share. */
function functionDrawer(
  served: readonly string[],
  parameters: AnyParameterValues,
): (random: RandomStream) => string {
  const { reads, writes, cas, deletes } = typed(parameters);
  const shares: (readonly [f: string, share: number])[] = [
    ['read', reads],
    ['write', writes],
    ['cas', cas],
    ['delete', deletes],
  ];
  const drawn = shares.filter(([f, share]) => served.includes(f) && share > 0);
  const total = drawn.reduce((sum, [, share]) => sum + share, 0);
  if (total === 0)
    throw new UsageError(
      `workload register: nothing to do; give one of ${served.join(', ')} a share above 0`,
    );
  return (random) => {
    let left = random.float() * total;
    const hit = drawn.find(([, share]) => (left -= share) < 0);
    return (hit ?? drawn[0]!)[0];
  };
}
