import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { type LinearizableOptions, linearizable } from '../../../checkers/linearizable/linearizable.ts';
import type { AnyModel, Model } from '../../../checkers/linearizable/model.ts';
import { queueModel, stackModel } from '../../../checkers/linearizable/models/containers.ts';
import { keyValueModel } from '../../../checkers/linearizable/models/key-value.ts';
import { setModel } from '../../../checkers/linearizable/models/set.ts';
import { EFFORT, fuzz } from '../effort.ts';
import * as objects from './sequential-objects.ts';
import { type SmallHistories, smallHistories } from './small-histories.ts';

/** A register as a model of one's own, which only the search can decide. */
const registerModel: Model<{ value: unknown }> = {
  name: 'own-register',
  init: () => ({ value: null }),
  step({ value }, { f, argument, result, outcome }) {
    if (f === 'read') return outcome === 'info' || result === value ? { value } : undefined;
    if (f === 'write') return { value: argument };
    const [from, to] = argument as [unknown, unknown];
    if (outcome === 'fail') return from === value ? undefined : { value };
    return from === value ? { value: to } : outcome === 'info' ? { value } : undefined;
  },
  equal: (a, b) => a.value === b.value,
  refuses: (f, error) => f === 'cas' && error === 'mismatch',
};

const registers: SmallHistories<unknown> = {
  object: objects.register,
  honesty: 12,
  invocation(pick, serial) {
    const recent = Math.max(0, serial - (Math.floor(pick / 3) % 4));
    if (pick % 3 === 0) return { f: 'read', value: null };
    if (pick % 3 === 1) return { f: 'write', value: serial + 1 };
    return { f: 'cas', value: [recent === 0 ? null : recent, serial + 1] };
  },
  lie(f, value, lie) {
    if (f === 'read') return { type: 'ok', value: 1 + (lie % 12) };
    return lie % 2 === 0 ? { type: 'ok', value } : { type: 'fail', value, error: 'mismatch' };
  },
};

function container(
  object: typeof objects.queue,
  put: string,
  take: string,
): SmallHistories<readonly number[]> {
  return {
    object,
    honesty: 12,
    invocation: (pick, serial) => (pick % 2 === 0 ? { f: put, value: serial } : { f: take, value: null }),
    lie: (f, value, lie) => ({ type: 'ok', value: f === put ? value : lie % 5 === 0 ? null : lie % 12 }),
  };
}

const sets: SmallHistories<readonly number[]> = {
  object: objects.set,
  honesty: 12,
  invocation(pick, serial) {
    const recent = Math.max(0, serial - (pick % 5));
    return pick % 3 === 0
      ? { f: 'add', value: serial }
      : { f: pick % 3 === 1 ? 'remove' : 'contains', value: recent };
  },
  lie: (_, __, lie) => ({ type: 'ok', value: lie % 2 === 0 }),
};

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const keyValues: SmallHistories<string> = {
  object: objects.keyValue,
  honesty: 12,
  invocation: (pick, serial) => ({
    f: ['get', 'put', 'append', 'append'][pick % 4]!,
    value: letters[serial % 26],
  }),
  lie: (f, value, lie) => ({
    type: 'ok',
    value: f === 'get' ? letters.slice(lie % 5, (lie % 5) + 2).join('') : value,
  }),
};

type Case = readonly [
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: each object has its own states
  histories: SmallHistories<any>,
  quick: LinearizableOptions,
  searched: AnyModel,
];

const cases: readonly Case[] = [
  ['registers', registers, {}, registerModel],
  ['queues', container(objects.queue, 'enqueue', 'dequeue'), { model: 'queue' }, { ...queueModel }],
  ['stacks', container(objects.stack, 'push', 'pop'), { model: 'stack' }, { ...stackModel }],
  ['sets', sets, { model: 'set' }, { ...setModel }],
  ['key-value stores', keyValues, { model: 'key-value' }, { ...keyValueModel }],
];

for (const [name, histories, quick, searched] of cases) {
  test(`the quick method and the search agree on longer histories of ${name}`, () => {
    const runs = 1_000;
    let valid = 0;
    let quickly = 0;
    fc.assert(
      fc.property(smallHistories(histories, 24), (history) => {
        const verdict = linearizable(quick).check(history, { budget: DEFAULT_BUDGET });
        expect(verdict.valid).toBe(
          linearizable({ model: searched }).check(history, { budget: DEFAULT_BUDGET }).valid,
        );
        if (verdict.valid === true) valid++;
        if (verdict.counts.searched === 0) quickly++;
      }),
      fuzz(runs, 1),
    );
    expect(valid / (runs * EFFORT)).toBeGreaterThan(0.2);
    expect(valid / (runs * EFFORT)).toBeLessThan(0.95);
    expect(quickly / (runs * EFFORT)).toBeGreaterThan(0.8);
  });
}
