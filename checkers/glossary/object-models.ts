/** A consistency model of single operations on objects. */
export interface ObjectModel {
  /** What it promises, in a clause. */
  readonly about: string;
  /** The models that it implies directly: every history that it allows, these allow. */
  readonly implies: readonly string[];
  readonly source: string;
  /** The checker that decides it. */
  readonly checker: string;
}

/** The consistency models of single operations, the stronger ones first. */
export const OBJECT_MODELS = {
  linearizable: {
    about: 'every operation takes effect at one instant between its call and its answer',
    implies: ['sequential', 'regular'],
    source: 'Herlihy and Wing 1990',
    checker: 'linearizable',
  },
  sequential: {
    about:
      "all operations take effect in one order that keeps each process's own order, but need not be fresh",
    implies: ['causal-convergence', 'causal-memory'],
    source: 'Lamport 1979',
    checker: 'sequential',
  },
  regular: {
    about: 'a read returns the last write that was complete when it began, or one that overlaps it',
    implies: [],
    source: 'Lamport 1986; Shao, Welch, Pierce and Lee 2011 for several writers',
    checker: 'regular',
  },
  'causal-convergence': {
    about: 'causal, and all processes agree on one order of the writes',
    implies: ['causal', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
    source: 'Bouajjani, Enea, Guerraoui and Hamza 2017 (CCv)',
    checker: 'causal-convergence',
  },
  'causal-memory': {
    about: 'causal, and each process sees the writes in one order, perhaps its own',
    implies: ['causal', 'PRAM', 'writes-follow-reads'],
    source: 'Ahamad, Neiger, Burns, Kohli and Hutto 1995 (CM)',
    checker: 'causal-memory',
  },
  causal: {
    about: 'whoever sees a write has seen everything that led to it',
    implies: ['read-your-writes'],
    source: 'Bouajjani, Enea, Guerraoui and Hamza 2017 (CC)',
    checker: 'causal',
  },
  PRAM: {
    about: "each process sees the writes of every process in that process's order",
    implies: ['read-your-writes', 'monotonic-reads', 'monotonic-writes'],
    source: 'Lipton and Sandberg 1988',
    checker: 'pram',
  },
  'read-your-writes': {
    about: 'a process sees what it has itself written',
    implies: [],
    source: 'Terry et al. 1994',
    checker: 'read-your-writes',
  },
  'monotonic-reads': {
    about: 'a process goes on seeing what it has seen',
    implies: [],
    source: 'Terry et al. 1994',
    checker: 'monotonic-reads',
  },
  'monotonic-writes': {
    about: 'who sees a write sees what its process wrote before it',
    implies: [],
    source: 'Terry et al. 1994',
    checker: 'monotonic-writes',
  },
  'writes-follow-reads': {
    about: 'who sees a write sees what its process had read before it',
    implies: [],
    source: 'Terry et al. 1994',
    checker: 'writes-follow-reads',
  },
} as const satisfies Readonly<Record<string, ObjectModel>>;

export type ObjectModelName = keyof typeof OBJECT_MODELS;
