import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HistoryBuilder, historyOf } from '../../histories/builder.ts';
import type { OpEvent, OpType, Process } from '../../histories/op.ts';
import { anyEvents } from './arbitrary.ts';

const event = (process: Process, type: OpType): OpEvent => ({ time: 0, process, type, f: 'f', value: null });

test('a history gives back the events that it was made of, numbered', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      expect([...historyOf(events)]).toEqual(events.map((e, index) => ({ index, ...e })));
    }),
  );
});

test('what an event does not have is absent, not undefined', () => {
  expect(Object.keys(historyOf([event(0, 'invoke')]).op(0))).toEqual([
    'index',
    'time',
    'process',
    'type',
    'f',
    'value',
  ]);
});

test('a completion belongs to the open invocation of its process, if there is one', () => {
  const history = historyOf([
    event(0, 'ok'),
    event(0, 'invoke'),
    event(1, 'invoke'),
    event('nemesis', 'invoke'),
    event(1, 'fail'),
    event('nemesis', 'info'),
    event(0, 'info'),
    event(0, 'ok'),
    event(1, 'invoke'),
    event(1, 'invoke'),
    event(1, 'ok'),
  ]);
  expect([...history.pair]).toEqual([-1, 6, 4, 5, 2, 3, 1, -1, -1, 10, 9]);
});

test('what is appended later does not change a history that was built', () => {
  const builder = new HistoryBuilder();
  builder.append(event(0, 'invoke'));
  const early = builder.build();
  for (let i = 0; i < 3000; i++) builder.append({ ...event(0, 'ok'), f: `f${i}`, error: 'late' });
  expect(early.length).toBe(1);
  expect([...early.pair]).toEqual([-1]);
  expect(early.fNames).toEqual(['f']);
  expect(early.op(0)).toEqual({ index: 0, ...event(0, 'invoke') });
  const late = builder.build();
  expect(late.length).toBe(3001);
  expect(late.op(2500)).toEqual({ index: 2500, ...event(0, 'ok'), f: 'f2499', error: 'late' });
});

test('functions have codes in the order of their appearance', () => {
  const history = historyOf([
    { ...event(0, 'invoke'), f: 'read' },
    { ...event(1, 'invoke'), f: 'write' },
  ]);
  expect([history.fCode('read'), history.fCode('write'), history.fCode('cas')]).toEqual([0, 1, -1]);
});
