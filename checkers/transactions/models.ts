/**
 * The consistency models of transactions, and which anomaly refutes which.
 *
 * Sources: Adya 1999 (PL-1 to PL-3 and the G phenomena), Bailis et al. 2014 (monotonic atomic view, read atomic),
 * Cerone, Bernardi and Gotsman 2015 (read atomic, causal, update atomic, parallel SI, prefix), Biswas and Enea 2019
 * (the same with session order), Terry et al. 1994 (session guarantees), Kingsbury and Alvaro 2020 (the lattice).
 * There are no predicate reads here, so `repeatable-read` differs from `serializable` only in name.
 */

const SESSION_GUARANTEES = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
] as const;

/** Each model with the models that it implies directly. Stronger ones first. */
const IMPLIES = {
  'strict-serializable': ['strong-session-serializable', 'strong-snapshot-isolation'],
  'strong-session-serializable': ['serializable', 'strong-session-snapshot-isolation'],
  'strong-snapshot-isolation': ['strong-session-snapshot-isolation', 'strong-read-committed'],
  serializable: ['repeatable-read', 'snapshot-isolation', 'update-serializable'],
  'strong-session-snapshot-isolation': ['snapshot-isolation', 'causal', 'PRAM'],
  'snapshot-isolation': [
    'forward-consistent-view',
    'monotonic-snapshot-read',
    'parallel-snapshot-isolation',
    'prefix',
  ],
  'update-serializable': ['consistent-view'],
  'repeatable-read': ['cursor-stability', 'monotonic-atomic-view'],
  'parallel-snapshot-isolation': ['causal-cerone', 'update-atomic', 'consistent-view'],
  prefix: ['causal-cerone'],
  'forward-consistent-view': ['consistent-view'],
  'consistent-view': ['cursor-stability', 'monotonic-view'],
  'monotonic-snapshot-read': ['monotonic-atomic-view'],
  'monotonic-view': ['monotonic-atomic-view'],
  // Causal convergence: unlike causal memory, it doesn't imply PRAM (Bouajjani et al. 2017).
  causal: ['causal-cerone', 'strong-session-read-atomic', ...SESSION_GUARANTEES],
  'strong-session-read-atomic': ['read-atomic', 'strong-session-monotonic-atomic-view', 'read-your-writes'],
  'strong-session-monotonic-atomic-view': ['monotonic-atomic-view', 'strong-session-read-committed'],
  'causal-cerone': ['read-atomic'],
  'update-atomic': ['read-atomic', 'cursor-stability'],
  'read-atomic': ['monotonic-atomic-view'],
  'monotonic-atomic-view': ['read-committed'],
  'cursor-stability': ['read-committed'],
  'strong-read-committed': ['strong-session-read-committed', 'strong-read-uncommitted'],
  'strong-session-read-committed': ['read-committed', 'strong-session-read-uncommitted'],
  'strong-read-uncommitted': ['strong-session-read-uncommitted'],
  'strong-session-read-uncommitted': ['read-uncommitted'],
  'read-committed': ['read-uncommitted'],
  'read-uncommitted': [],
  // In these, each session may have an order of its own, so no cycle over several sessions counts.
  PRAM: ['read-your-writes', 'monotonic-reads', 'monotonic-writes'],
  'read-your-writes': [],
  'monotonic-reads': [],
  'monotonic-writes': [],
  'writes-follow-reads': [],
} as const satisfies Record<string, readonly string[]>;

/** A consistency model of transactions. */
export type ConsistencyModel = keyof typeof IMPLIES;

/** Every model, stronger ones first. */
export const CONSISTENCY_MODELS = Object.keys(IMPLIES) as readonly ConsistencyModel[];

/** Other names of the same models. */
export const MODEL_ALIASES: Readonly<Record<string, ConsistencyModel>> = {
  // A transaction is the operation; the whole store is the object (Herlihy and Wing 1990, section 3.3).
  linearizable: 'strict-serializable',
  sequential: 'strong-session-serializable',
  'PL-SS': 'strict-serializable',
  'PL-3': 'serializable',
  'PL-2.99': 'repeatable-read',
  'PL-3U': 'update-serializable',
  'PL-SI': 'snapshot-isolation',
  'PL-FCV': 'forward-consistent-view',
  'PL-2+': 'consistent-view',
  'PL-2L': 'monotonic-view',
  'PL-MSR': 'monotonic-snapshot-read',
  'PL-CS': 'cursor-stability',
  'PL-2': 'read-committed',
  'PL-1': 'read-uncommitted',
  CCv: 'causal',
};

const IMPLIED = closure();

/** The models that hold whenever `model` does, itself among them. */
export function impliedBy(model: ConsistencyModel): ReadonlySet<ConsistencyModel> {
  return IMPLIED.get(model)!;
}

/** The models that fall with any of `broken`: these and all stronger ones. */
export function brokenWith(broken: Iterable<ConsistencyModel>): Set<ConsistencyModel> {
  const weakest = new Set(broken);
  return new Set(
    CONSISTENCY_MODELS.filter((model) => [...impliedBy(model)].some((weaker) => weakest.has(weaker))),
  );
}

/** The models that `model` implies with nothing in between. */
export function directlyImpliedBy(model: ConsistencyModel): readonly ConsistencyModel[] {
  return IMPLIES[model];
}

/** Of `models`, those that no other of them implies. */
export function strongest(models: ReadonlySet<ConsistencyModel>): ConsistencyModel[] {
  return CONSISTENCY_MODELS.filter(
    (model) =>
      models.has(model) && ![...models].some((other) => other !== model && impliedBy(other).has(model)),
  );
}

/** Of `models`, those that imply no other of them. */
export function weakest(models: ReadonlySet<ConsistencyModel>): ConsistencyModel[] {
  return CONSISTENCY_MODELS.filter(
    (model) =>
      models.has(model) && ![...models].some((other) => other !== model && impliedBy(model).has(other)),
  );
}

function closure(): Map<ConsistencyModel, ReadonlySet<ConsistencyModel>> {
  const out = new Map<ConsistencyModel, ReadonlySet<ConsistencyModel>>();
  // Each row of the table names only rows below it, or the order of these two loops would matter.
  for (const model of [...CONSISTENCY_MODELS].reverse()) {
    const implied = new Set<ConsistencyModel>([model]);
    for (const weaker of IMPLIES[model]) for (const each of closureOf(weaker, out)) implied.add(each);
    out.set(model, implied);
  }
  return out;
}

function closureOf(
  model: ConsistencyModel,
  done: Map<ConsistencyModel, ReadonlySet<ConsistencyModel>>,
): ReadonlySet<ConsistencyModel> {
  const implied = done.get(model);
  if (implied === undefined) throw new Error(`the table of models names ${model} before its own row`);
  return implied;
}
