import { expect, test } from 'vitest';
import { TimeClient } from '../../src/systems/sim/ntp-clock/client-node.ts';
import { DisciplinedClock } from '../../src/systems/sim/ntp-clock/disciplined-clock.ts';
import type { TimeMessage, TimeRequest } from '../../src/systems/sim/ntp-clock/messages.ts';
import { sampleOf } from '../../src/systems/sim/ntp-clock/sample.ts';
import { PARAMETERS } from '../../src/systems/sim/ntp-clock/settings.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../src/world/nanos.ts';
import { readParameters } from '../../src/world/parameters.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const MS = MILLISECOND;
const NO_BUGS: ReadonlySet<string> = new Set();

const response = (t1: Nanos, t2: Nanos, t3: Nanos) =>
  ({ type: 'response', clock: '', t1, t2, t3, error: 2 * MS }) as const;

test('four timestamps give the offset, and half of the round trip bounds its error', () => {
  // The client is 100 ms behind; 10 ms there, 5 ms at the server, 10 ms back.
  const { offset, error } = sampleOf(response(0, 110 * MS, 115 * MS), 25 * MS, NO_BUGS);
  expect(offset).toBe(100 * MS);
  expect(error).toBeGreaterThanOrEqual(12 * MS);
  expect(error).toBeLessThan(12.1 * MS);
  // All of it on the way back: wrong by half of it, which the bound allows for.
  const late = sampleOf(response(0, 100 * MS, 100 * MS), 40 * MS, NO_BUGS);
  expect(Math.abs(late.offset - 100 * MS)).toBe(20 * MS);
  expect(late.error).toBeGreaterThanOrEqual(20 * MS);
});

test('a slewed clock makes up 500 microseconds a second, never goes back, and then goes on as ever', () => {
  let now = 0;
  const clock = new DisciplinedClock(() => now, 0);
  clock.slew(-MS);
  let last = clock.read();
  for (now = 1; now < 20; now++) {
    expect(clock.read()).toBeGreaterThanOrEqual(last);
    last = clock.read();
  }
  now = SECOND;
  expect(clock.read()).toBe(SECOND - 0.5 * MS);
  expect(clock.remaining()).toBe(-0.5 * MS);
  now = 5 * SECOND;
  expect(clock.read()).toBe(5 * SECOND - MS);
  expect(clock.remaining()).toBe(0);
});

/** A client whose clock is as wrong at its start as the bench's random numbers will have it. */
function client(bugs = NO_BUGS) {
  const settings = readParameters(PARAMETERS, {}, '');
  const bench = new NodeBench<TimeMessage, Query>(
    (context) => new TimeClient(context, 'n1', settings, bugs),
    ['n2', 'n1'],
  );
  const read = () => {
    bench.ask({ f: 'read', value: null });
    return bench.takeAnswers()[0] as {
      type: string;
      value: { time: Nanos; error: Nanos | null; steps: number };
    };
  };
  /** The server says that the client is so far behind. */
  const tell = (offset: Nanos, ask = bench.take().at(-1)!.message as TimeRequest) => {
    const t2 = ask.t1 + offset;
    bench.receive('n1', { type: 'response', clock: ask.clock, t1: ask.t1, t2, t3: t2, error: 2 * MS });
  };
  return { bench, read, tell };
}

test('an offset below 125 ms is slewed, from there on it is stepped, and above 1000 s the client gives up', () => {
  for (const [offset, steps] of [
    [100 * MS, 0],
    [-124 * MS, 0],
    [125 * MS, 1],
    [-999 * SECOND, 1],
  ] as const) {
    const { read, tell } = client();
    const before = read().value;
    expect(before.error).toBeNull();
    tell(offset);
    const { value } = read();
    expect(value.steps).toBe(steps);
    expect(value.time - before.time).toBe(steps === 0 ? 0 : offset);
    expect(value.error).toBe(2 * MS + (steps === 0 ? Math.abs(offset) : 0));
  }
  const { read, tell } = client();
  tell(1001 * SECOND);
  expect(read()).toEqual({ type: 'fail', error: 'panic' });
});

test('the bound grows with the drift of the oscillator, and a worse sample does not replace a better one', () => {
  const { bench, read, tell } = client();
  tell(0);
  bench.wait(10 * SECOND);
  expect(read().value.error).toBe(4 * MS);
  const ask = bench.take().at(-1)!.message as TimeRequest;
  bench.wait(SECOND / 2);
  const before = read().value;
  tell(50 * MS, ask);
  expect(read().value).toEqual(before);
});

test('an answer to a question that was asked before a step or a restart is not used', () => {
  const { bench, read, tell } = client();
  const ask = bench.take()[0]!.message as TimeRequest;
  tell(SECOND, ask);
  const stepped = read().value;
  tell(SECOND, ask);
  expect(read().value).toEqual(stepped);
  bench.receive('n1', { ...ask, type: 'response', clock: `9${ask.clock}`, t2: 0, t3: 0, error: 0 });
  expect(read().value).toEqual(stepped);
});

test.each([
  ['asymmetry-ignored', 'clock-bound'],
  ['elapsed-by-wall-clock', 'elapsed-time'],
  ['steps-small-offsets', 'needless-step'],
])('%s is found', async (bug, kind) => {
  const seeds = [1, 2, 3, 4];
  const outcomes = await Promise.all(seeds.map((seed) => run({ system: 'ntp-clock', bug, seed })));
  const found = outcomes.filter((outcome) => findings(outcome).anomalies.includes(kind));
  expect(found.length).toBeGreaterThan(1);
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const outcome = await run({ system: 'ntp-clock', seed, timeLimit: 10 * SECOND });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
