import type { System } from '../../../world/system.ts';
import { type StateBased, stateBasedSystem } from '../shared/crdt/state-based.ts';
import type { Timestamp } from '../shared/timestamp.ts';
import { isLater, NEVER } from '../shared/timestamp.ts';

interface Version {
  readonly value: unknown;
  readonly ts: Timestamp;
}

/** By the name of the register. */
type Registers = Readonly<Record<string, Version>>;

/** Registers each of which keeps the write with the latest timestamp. */
export const lwwRegister: System = stateBasedSystem({
  name: 'lww-register',
  about: 'last-writer-wins registers: every write has a timestamp, the merge keeps the later',
  how: [
    "A write's timestamp is greater than that of the value which its replica has, so it wins over all that its writer could have seen; of concurrent writes the one with the greater time wins, on equal times that of the greater node. One of two concurrent writes is lost by design.",
    'The system lww-map is the same with many keys, of which replicas exchange only what is new.',
  ],
  sources: [
    'Johnson and Thomas, The Maintenance of Duplicate Databases, RFC 677, 1975',
    'Shapiro et al., A comprehensive study of CRDTs, INRIA 2011, specification 8',
  ],
  bugs: {
    'ties-unbroken': {
      about:
        "timestamps don't say who wrote, and of two values with equal times each replica keeps its own: the merge is not commutative",
      workload: 'replicated-register',
      nemeses: ['partition'],
    },
    'clock-not-merged': {
      about:
        'a replica counts only its own writes: a write may get an earlier time than the value that it replaces, and be lost',
      workload: 'replicated-register',
      nemeses: ['packet'],
    },
  },
  serves: { 'replicated-register': ['write', 'read'] },
  object,
});

/** Specification 8 of the comprehensive study, for each key. */
function object(bugs: ReadonlySet<string>): StateBased<Registers> {
  return {
    empty: {},
    update(registers, { key, value, origin, number }) {
      const { ts } = registers[key] ?? { ts: NEVER };
      // A time that is not after the one that was seen may lose against it.
      const n = bugs.has('clock-not-merged') ? number : ts.n + 1;
      const version = { value, ts: { n, writer: bugs.has('ties-unbroken') ? '' : origin } };
      return isLater(version.ts, ts) ? { ...registers, [key]: version } : registers;
    },
    merge(mine, theirs) {
      const later = Object.entries(theirs).filter(([key, { ts }]) => isLater(ts, mine[key]?.ts ?? NEVER));
      return { ...mine, ...Object.fromEntries(later) };
    },
    query: (registers, key) => registers[key]?.value ?? null,
  };
}
