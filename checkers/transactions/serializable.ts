import type { History } from '../../histories/history.ts';
import type { Checker } from '../checker.ts';
import { listAppend } from './list-append.ts';
import type { ConsistencyModel } from './models.ts';
import { rwRegister } from './rw-register.ts';

export interface SerializableOptions {
  /** The model to hold the history against. Default `strict-serializable`. */
  readonly model?: ConsistencyModel | undefined;
}

/** Transactions, whether they append to lists or write registers: the first write of the history tells. */
export function serializable(options: SerializableOptions = {}): Checker {
  const checkers = { append: listAppend(options), w: rwRegister(options) };
  return {
    name: 'serializable',
    about: `transactions over lists or registers, against ${options.model ?? 'strict-serializable'}`,
    check: (history, checkOptions) => checkers[firstWrite(history)].check(history, checkOptions),
  };
}

function firstWrite(history: History): 'append' | 'w' {
  const txn = history.fCode('txn');
  for (let i = 0; i < history.length; i++) {
    const value = history.value(i);
    if (history.f[i] !== txn || !Array.isArray(value)) continue;
    for (const micro of value as readonly unknown[]) {
      const kind = Array.isArray(micro) ? (micro[0] as unknown) : undefined;
      if (kind === 'append' || kind === 'w') return kind;
    }
  }
  return 'w';
}
