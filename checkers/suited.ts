import type { History } from '../histories/history.ts';
import { NEMESIS, OK } from '../histories/op.ts';
import { atomicCommit } from './atomic-commit/atomic-commit.ts';
import { bank } from './bank.ts';
import { causalReverse } from './causal-reverse.ts';
import type { Checker } from './checker.ts';
import { consensus } from './consensus.ts';
import { counter } from './counter.ts';
import { kafka } from './kafka/kafka.ts';
import { linearizable } from './linearizable/linearizable.ts';
import type { ModelName } from './linearizable/models/named.ts';
import { lock } from './lock.ts';
import { monotonic } from './monotonic.ts';
import { setFull } from './set-full.ts';
import { totalQueue } from './total-queue.ts';
import { listAppend } from './transactions/list-append.ts';
import { rwRegister } from './transactions/rw-register.ts';
import { uniqueIds } from './unique-ids.ts';

/** What the clients of a history did. */
export interface Vocabulary {
  readonly functions: ReadonlySet<string>;
  /** The kinds of micro-operations of transactions: `append`, `r`, `send` ... */
  readonly micros: ReadonlySet<string>;
  /** The first value that an operation of each function was answered with. */
  readonly answers: ReadonlyMap<string, unknown>;
}

export function vocabularyOf(history: History): Vocabulary {
  const functions = new Set<string>();
  const micros = new Set<string>();
  const answers = new Map<string, unknown>();
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] === NEMESIS) continue;
    const f = history.fName(i);
    functions.add(f);
    const value = history.value(i);
    if (history.type[i] === OK && value !== null && !answers.has(f)) answers.set(f, value);
    for (const micro of Array.isArray(value) ? value : [])
      if (Array.isArray(micro) && typeof micro[0] === 'string') micros.add(micro[0]);
  }
  return { functions, micros, answers };
}

/** What a history is taken for, and who judges that. */
export interface Suited {
  readonly what: string;
  readonly checkers: readonly Checker[];
}

/** The checkers that the functions of the clients call for; undefined where they say nothing. */
export function suitedTo(history: History): Suited | undefined {
  const vocabulary = vocabularyOf(history);
  return RULES.find(({ when }) => when(vocabulary))?.judges(vocabulary);
}

/** The model whose functions these are, for a check of linearizability. */
export function suitedModel({ functions, micros, answers }: Vocabulary): ModelName | undefined {
  const fits = (...names: string[]) => functions.size > 0 && [...functions].every((f) => names.includes(f));
  if (fits('read', 'write', 'cas')) return 'register';
  if (fits('get', 'put', 'append')) return 'key-value';
  if (fits('enqueue', 'dequeue')) return 'queue';
  if (fits('push', 'pop')) return 'stack';
  if (fits('acquire', 'release')) return 'mutex';
  if (fits('txn') && [...micros].every((f) => /^(r|w|read|write)$/.test(f))) return 'multi-register';
  if (fits('add', 'read') && typeof answers.get('read') === 'number') return 'counter';
  return fits('add', 'remove', 'contains', 'read') ? 'set' : undefined;
}

interface Rule {
  readonly when: (vocabulary: Vocabulary) => boolean;
  readonly judges: (vocabulary: Vocabulary) => Suited;
}

/** All functions are among these. */
const only =
  (...names: string[]) =>
  ({ functions }: Vocabulary): boolean =>
    functions.size > 0 && [...functions].every((f) => names.includes(f));

const suited = (what: string, ...create: (() => Checker)[]): Rule['judges'] => {
  return () => ({ what, checkers: create.map((each) => each()) });
};

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2;

const RULES: readonly Rule[] = [
  {
    when: (all) =>
      only('read', 'write')(all) &&
      Array.isArray(all.answers.get('read')) &&
      !isPair(all.answers.get('write')),
    judges: suited('a table that is read whole', causalReverse),
  },
  { when: only('read', 'write', 'cas'), judges: suited('registers', linearizable) },
  {
    when: (all) => only('add', 'read')(all) && isPair(all.answers.get('add')),
    judges: suited('numbers with times', monotonic),
  },
  {
    when: (all) => only('add', 'read')(all) && typeof all.answers.get('read') === 'number',
    judges: suited('a counter', counter),
  },
  { when: only('add', 'read'), judges: suited('a set', setFull) },
  {
    when: only('enqueue', 'dequeue'),
    judges: suited('a queue', () => linearizable({ model: 'queue' }), totalQueue),
  },
  { when: only('enqueue', 'dequeue', 'drain'), judges: suited('a queue', totalQueue) },
  { when: only('acquire', 'release'), judges: suited('a lock', lock) },
  {
    when: only('acquire', 'release', 'write'),
    judges: suited('a lock with fencing tokens', () => lock({ fencing: true })),
  },
  { when: only('transfer', 'read'), judges: suited('accounts', bank) },
  {
    when: only('transfer', 'read', 'log'),
    judges: suited('transactions that commit or abort', atomicCommit),
  },
  { when: only('generate'), judges: suited('ids', uniqueIds) },
  { when: only('propose'), judges: suited('decisions', consensus) },
  {
    when: (all) =>
      only('send', 'poll', 'txn', 'assign', 'subscribe', 'crash')(all) &&
      (all.micros.has('send') || all.micros.has('poll')),
    judges: suited('logs', kafka),
  },
  {
    when: (all) => only('txn')(all) && all.micros.has('append'),
    judges: suited('transactions on lists', listAppend),
  },
  {
    when: (all) => only('txn')(all) && (all.micros.has('read') || all.micros.has('write')),
    judges: suited('registers that are changed together', () => linearizable({ model: 'multi-register' })),
  },
  { when: only('txn'), judges: suited('transactions on registers', rwRegister) },
  {
    when: (all) => suitedModel(all) !== undefined,
    judges: (all) => ({
      what: inWords(suitedModel(all)!),
      checkers: [linearizable({ model: suitedModel(all)! })],
    }),
  },
];

/** What a history of such objects is taken for. */
export function inWords(model: ModelName): string {
  return model === 'key-value' ? 'a key-value store' : `a ${model}`;
}
