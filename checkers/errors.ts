import type { History } from '../histories/history.ts';
import { FAIL, INVOKE, NEMESIS } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';

/** Errors that are the same but for the numbers in them. */
export interface ErrorGroup {
  /** The first such error, as it stands in the history. */
  readonly error: string;
  /** The functions that it met, in order of appearance. */
  readonly functions: readonly string[];
  readonly fail: number;
  readonly info: number;
  /** Index of the first completion with it. */
  readonly first: number;
  /** Whether this is a message out of somewhere, and not one of the short codes by which clients classify errors. */
  readonly unhandled: boolean;
}

/** A code, as `timeout` or `no-connection`; what has blanks or punctuation was written for people. */
const CODE = /^[\w./-]+$/;

/**
 * Groups the errors of the clients' operations, most frequent first, those that no client classified apart. Always
 * valid: an error is an answer too. `details.groups` is an array of `ErrorGroup`.
 */
export function errors(): Checker {
  return {
    name: 'errors',
    about: 'groups the errors that clients met, and tells those that they did not expect; always valid',
    check: checkErrors,
  };
}

function checkErrors(history: History): Verdict {
  const groups = new Map<string, Mutable<ErrorGroup>>();
  let total = 0;
  let unhandled = 0;
  for (let i = 0; i < history.length; i++) {
    const error = history.error(i);
    if (error === undefined || history.process[i] === NEMESIS || history.type[i] === INVOKE) continue;
    const group = groupFor(groups, error, history.origin(i));
    const f = history.fName(i);
    if (!group.functions.includes(f)) group.functions = [...group.functions, f];
    if (history.type[i] === FAIL) group.fail++;
    else group.info++;
    total++;
    if (group.unhandled) unhandled++;
  }
  const sorted = [...groups.values()].sort((a, b) => b.fail + b.info - a.fail - a.info || a.first - b.first);
  return {
    checker: 'errors',
    valid: true,
    anomalies: [],
    counts: { errors: total, unhandled, kinds: groups.size },
    vacuous: [],
    details: { groups: sorted },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Ports, line numbers, identifiers and times differ from error to error of one kind. */
function groupFor(
  groups: Map<string, Mutable<ErrorGroup>>,
  error: string,
  index: number,
): Mutable<ErrorGroup> {
  const kind = error.replace(/0x[\da-f]+|\d+/gi, '#');
  let group = groups.get(kind);
  if (group === undefined) {
    group = { error, functions: [], fail: 0, info: 0, first: index, unhandled: !CODE.test(error) };
    groups.set(kind, group);
  }
  return group;
}
