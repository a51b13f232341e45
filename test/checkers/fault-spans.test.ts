import { expect, test } from 'vitest';
import { faultsOf } from '../../checkers/fault-spans.ts';
import { phaseAt, phasesOf } from '../../checkers/phases.ts';
import { historyOf } from '../../histories/builder.ts';
import { UNDOES } from '../../src/faults/repair.ts';
import { type Told, tell } from './story.ts';

const MS = 1_000_000;

const nemesis = (f: string, argument: unknown, from: number): Told => ({
  process: 'nemesis',
  f,
  argument,
  from,
  to: from + 1,
});

/** `kind node from-to` in milliseconds, for each fault of these operations of the nemesis. */
function spans(...faults: readonly Told[]): string[] {
  return faultsOf(tell(...faults)).spans.map(
    ({ kind, node, begin, end }) =>
      `${kind}${node === undefined ? '' : ` ${node}`} ${begin / MS}-${end / MS}`,
  );
}

test('a fault lasts from its invocation to the completion of its repair, node by node', () => {
  expect(
    spans(
      nemesis('process/kill', { node: 'n1' }, 10),
      nemesis('process/pause', { node: 'n1' }, 20),
      nemesis('disk/lose-unsynced', { node: 'n2', fate: 'lost' }, 30),
      nemesis('process/start', { node: 'n2' }, 40),
      nemesis('process/start', { node: 'n1' }, 50),
      nemesis('process/resume', { node: 'n1' }, 60),
    ),
  ).toEqual(['process/kill n1 10-51', 'process/pause n1 20-61', 'disk/lose-unsynced n2 30-41']);
});

test('a repair of one cut leaves the other; one without a grudge ends all', () => {
  const cut = (to: string, from: number) =>
    nemesis('network/cut', { grudge: { [to]: ['n3'] }, mode: 'drop' }, from);
  expect(
    spans(
      cut('n1', 10),
      cut('n2', 20),
      nemesis('network/shape', { links: [['n1', 'n2']], policy: { loss: 1 } }, 25),
      nemesis('network/heal', { grudge: { n2: ['n3'] } }, 30),
      nemesis('network/unshape', { links: [['n2', 'n1']] }, 35),
      nemesis('network/heal', {}, 40),
    ),
  ).toEqual(['network/cut 10-41', 'network/cut 20-31', 'network/shape 25-Infinity']);
});

test('the healing at the end ends whatever is still at work, also faults of unknown kinds', () => {
  expect(
    spans(
      nemesis('clock/step', { node: 'n1', by: 5 }, 10),
      nemesis('sharks', null, 20),
      nemesis('heal', null, 30),
      nemesis('disk/eio', { node: 'n1', probability: 1 }, 40),
    ),
  ).toEqual(['clock/step n1 10-31', 'sharks 20-31', 'disk/eio n1 40-Infinity']);
});

test('a strobe ends by itself, a flipped bit at once', () => {
  expect(
    spans(
      nemesis('clock/strobe', { node: 'n1', by: 1, period: 1, lasts: 15 * MS }, 10),
      nemesis('disk/bit-flip', { node: 'n1', file: '' }, 20),
      nemesis('clock/reset', { node: 'n1' }, 50),
    ),
  ).toEqual(['clock/strobe n1 10-25', 'disk/bit-flip n1 20-21']);
});

test("Jepsen's words are understood", () => {
  expect(
    spans(
      nemesis('start', null, 10),
      nemesis('stop', null, 20),
      nemesis('kill', ['n1'], 30),
      nemesis('start', ['n1'], 40),
      nemesis('start-partition', 'majority', 50),
      nemesis('stop-partition', null, 60),
    ),
  ).toEqual(['start 10-21', 'kill 30-41', 'start-partition 50-61']);
});

test('a fault that the world refused is none, and its error is kept', () => {
  const common = { process: 'nemesis', f: 'clock/step', value: { node: 'n1', by: 1 } } as const;
  const faults = faultsOf(
    historyOf([
      { ...common, time: 0, type: 'invoke' },
      { ...common, time: 1, type: 'info', error: 'no clocks here' },
    ]),
  );
  expect(faults.spans).toEqual([]);
  expect([...faults.refused]).toEqual([['clock/step', 'no clocks here']]);
});

test('phases follow one another without gaps, each with the kinds of faults at work', () => {
  const { spans: faults } = faultsOf(
    tell(
      nemesis('process/kill', { node: 'n1' }, 10),
      nemesis('process/kill', { node: 'n2' }, 15),
      nemesis('network/cut', { grudge: {} }, 20),
      nemesis('process/start', { node: 'n1' }, 29),
      nemesis('heal', null, 39),
      nemesis('clock/step', { node: 'n1', by: 1 }, 60),
    ),
  );
  const phases = phasesOf(faults, 0, 100 * MS);
  expect(phases.map(({ faults, begin, end }) => [faults.join('+'), begin / MS, end / MS])).toEqual([
    ['', 0, 10],
    ['process/kill', 10, 20],
    ['network/cut+process/kill', 20, 40],
    ['', 40, 60],
    ['clock/step', 60, 100],
  ]);
  expect([-1, 0, 9.9, 10, 39, 40, 99, 1000].map((t) => phaseAt(phases, t * MS))).toEqual([
    0, 0, 0, 1, 2, 3, 4, 4,
  ]);
  expect(phasesOf([], 5, 5)).toEqual([{ faults: [], begin: 5, end: 5 }]);
});

test('faults that begin at one moment begin one phase', () => {
  const begun = ['clock/step', 'network/cut', 'process/kill'].map((kind) => ({
    kind,
    node: undefined,
    from: 0,
    to: 9,
    begin: 10,
    end: 30,
  }));
  expect(phasesOf(begun, 0, 30)).toEqual([
    { faults: [], begin: 0, end: 10 },
    { faults: ['clock/step', 'network/cut', 'process/kill'], begin: 10, end: 30 },
  ]);
});

test('what repairs undo in the worlds ends here too', () => {
  for (const [repair, faults] of Object.entries(UNDOES))
    for (const fault of faults)
      expect(spans(nemesis(fault, {}, 10), nemesis(repair, {}, 20)), repair).toEqual([`${fault} 10-21`]);
});
