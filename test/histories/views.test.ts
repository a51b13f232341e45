import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import { byF, byKey, byProcess, eventsOf } from '../../histories/groups.ts';
import type { OpEvent } from '../../histories/op.ts';
import { anyEvents } from './arbitrary.ts';

const at = (time: number, rest: Omit<OpEvent, 'time'>): OpEvent => ({ time, ...rest });

const twoKeys = historyOf([
  at(0, { process: 0, type: 'invoke', f: 'write', value: 1, key: 'x' }),
  at(1, { process: 1, type: 'invoke', f: 'read', value: null, key: 7 }),
  at(2, { process: 'nemesis', type: 'invoke', f: 'network/cut', value: {} }),
  at(3, { process: 0, type: 'info', f: 'write', value: 1, error: 'timeout' }),
  at(4, { process: 'nemesis', type: 'info', f: 'network/cut', value: 'done' }),
  at(5, { process: 1, type: 'ok', f: 'read', value: 2, key: 7 }),
  at(6, { process: 2, type: 'invoke', f: 'read-all', value: null }),
  at(7, { process: 3, type: 'invoke', f: 'read', value: null, key: 'x' }),
]);

test('events are grouped by key, completions with their invocations, the nemesis left out', () => {
  const groups = byKey(twoKeys);
  expect(groups.names).toEqual(['x', 7, undefined]);
  expect(groups.names.map((_, g) => [...eventsOf(groups, g)])).toEqual([[0, 3, 7], [1, 5], [6]]);
});

test('events are grouped by process and by function', () => {
  const processes = byProcess(twoKeys);
  expect(processes.names).toEqual([0, 1, 'nemesis', 2, 3]);
  expect([...eventsOf(processes, 2)]).toEqual([2, 4]);
  const fs = byF(twoKeys);
  expect(fs.names).toEqual(['write', 'read', 'network/cut', 'read-all']);
  expect([...eventsOf(fs, 1)]).toEqual([1, 5, 7]);
});

test('every event is in exactly one group of its process, in order', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const history = historyOf(events);
      const groups = byProcess(history);
      for (const [g, name] of groups.names.entries()) {
        const slice = [...eventsOf(groups, g)];
        expect(slice).toEqual(events.flatMap((e, i) => (e.process === name ? [i] : [])));
      }
      expect(groups.events.length).toBe(history.length);
    }),
  );
});

test('a part keeps the pairs that are whole, and leads back to the whole', () => {
  const part = twoKeys.select((i) => i !== 0 && i !== 4);
  expect(part.length).toBe(6);
  expect([...part.pair]).toEqual([3, -1, -1, 0, -1, -1]);
  expect([...part].map((op) => op.index)).toEqual([1, 2, 3, 5, 6, 7]);
  expect([part.fName(3), part.key(3), part.value(3), part.error(2)]).toEqual(['read', 7, 2, 'timeout']);
});

test('a part of a part leads back to the first whole', () => {
  const part = twoKeys.select((i) => i >= 1).select((i) => i >= 2);
  expect(Array.from({ length: part.length }, (_, i) => part.origin(i))).toEqual([3, 4, 5, 6, 7]);
  expect(part.op(0)).toEqual(twoKeys.op(3));
});

test('pairs in a part join the same events as in the whole', () => {
  fc.assert(
    fc.property(anyEvents, fc.infiniteStream(fc.boolean()), (events, coins) => {
      const whole = historyOf(events);
      const kept = events.map(() => coins.next().value as boolean);
      const part = whole.select((i) => kept[i]!);
      for (let i = 0; i < part.length; i++) {
        const origin = part.origin(i);
        expect(part.op(i)).toEqual(whole.op(origin));
        const other = whole.pair[origin]!;
        const expected = other >= 0 && kept[other]! ? other : -1;
        expect(part.pair[i] === -1 ? -1 : part.origin(part.pair[i]!)).toBe(expected);
      }
    }),
  );
});
