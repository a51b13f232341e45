import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nemeses } from '../../nemeses/registry.ts';
import { minority } from '../../nemeses/targets.ts';
import { formatModel } from '../../src/world/system-model.ts';
import { UsageError } from '../../src/world/usage-error.ts';
import { generatorOf, type Setting, schedule, valuesOf } from './schedule.ts';

test('killed for ever, never more than a minority dies, and nobody starts again', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 3, max: 9 }), (seed, nodes) => {
      const given = { restart: false, interval: '200ms', duration: '100ms' };
      const faults = schedule('kill', { seed, nodes, given }).map(({ fault }) => fault);
      const dead = faults.map((fault) => fault.kind === 'process/kill' && fault.forever && fault.node);
      expect(new Set(dead).size).toBe(dead.length);
      expect(dead).toHaveLength(minority(nodes));
      expect(dead).not.toContain(false);
    }),
    { numRuns: 50 },
  );
});

const refused: readonly [name: string, setting: Setting, says: string][] = [
  ['partition', { nodes: 1 }, 'needs at least 2 nodes and there is 1'],
  ['partition', { nodes: 3, given: { kinds: 'ring' } }, 'kinds=ring needs at least 4 nodes and there are 3'],
  ['partition', { nodes: 2, given: { kinds: 'bridge+ring' } }, 'kinds=bridge+ring needs at least 3 nodes'],
  ['partition', { given: { flap: '0' } }, 'flap must be at least 1ms'],
  ['packet', { nodes: 1 }, 'needs at least 2 nodes'],
  ['packet', { nodes: 2, given: { targets: 'minority' } }, 'targets=minority needs at least 3 nodes'],
  ['kill', { nodes: 2, given: { targets: 'minority' } }, 'targets=minority needs at least 3 nodes'],
  ['kill', { nodes: 2, given: { restart: false } }, 'needs at least 3 nodes and there are 2'],
  ['kill', { given: { restart: false, targets: 'all' } }, 'would kill a majority for ever'],
  ['pause', { nodes: 1, given: { targets: 'minority' } }, 'targets=minority needs at least 3 nodes'],
  ['pause', { given: { targets: [] } }, 'targets is empty'],
  ['clock', { given: { bump: '0' } }, 'bump must be at least 1ms'],
  ['clock', { given: { kinds: [] } }, 'kinds is empty'],
  ['disk', { given: { kinds: [] } }, 'kinds is empty'],
  ['byzantine', { given: { lies: [] } }, 'lies is empty'],
  ['byzantine', { given: { liars: 6 } }, 'liars=6 needs as many nodes and there are 5'],
  ['disk', { given: { interval: '0', duration: '0' } }, 'interval=0, duration=0 is no pace'],
];

test('what is impossible is refused before the run, in one line that names nemesis and parameter', () => {
  for (const [name, setting, says] of refused) {
    let message = '';
    try {
      generatorOf(name, setting);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      message = (error as UsageError).message;
    }
    expect(message).toContain(`nemesis ${name}: `);
    expect(message).toContain(says);
    expect(message).not.toContain('\n');
  }
});

test('with its defaults every nemesis but those of the network works on a single node', () => {
  for (const name of ['clock', 'kill', 'pause', 'disk', 'byzantine'])
    expect(schedule(name, { nodes: 1 }).length, name).toBeGreaterThan(4);
});

test('kinds that the nodes are too few for are left out', () => {
  for (let seed = 0; seed < 10; seed++)
    for (const { fault } of schedule('kill', { seed, nodes: 2, given: { targets: 'minority+one' } }))
      expect(fault.kind).toMatch(/^process/);
});

test.each([
  ['partition', {}, 'fair-loss / crash-stop / synchronous'],
  ['packet', {}, 'fair-loss / crash-stop / partially-synchronous'],
  ['packet', { kinds: 'loss+duplicate' }, 'fair-loss / crash-stop / synchronous'],
  ['packet', { kinds: 'delay' }, 'reliable / crash-stop / partially-synchronous'],
  ['clock', {}, 'reliable / crash-stop / asynchronous'],
  ['clock', { kinds: 'drift', drift: 200 }, 'reliable / crash-stop / partially-synchronous'],
  ['clock', { kinds: 'drift', drift: 201 }, 'reliable / crash-stop / asynchronous'],
  [
    'clock',
    { kinds: 'bump+drift', bump: '3ms', drift: 100 },
    'reliable / crash-stop / partially-synchronous, clocks within 3ms',
  ],
  ['kill', {}, 'reliable / crash-recovery / synchronous'],
  ['kill', { restart: false }, 'reliable / crash-stop / synchronous'],
  ['pause', {}, 'reliable / crash-stop / partially-synchronous'],
  ['disk', {}, 'reliable / crash-recovery / partially-synchronous'],
  ['disk', { kinds: 'torn-write' }, 'reliable / crash-recovery / synchronous'],
  ['disk', { kinds: 'slow' }, 'reliable / crash-stop / partially-synchronous'],
  ['disk', { kinds: 'eio+bit-flip' }, 'reliable / byzantine / synchronous'],
  ['byzantine', {}, 'reliable / byzantine / synchronous'],
  ['swarm', {}, 'reliable / crash-stop / synchronous'],
])('%s with %o needs %s', (name, given, model) => {
  const nemesis = nemeses[name]!;
  expect(formatModel(nemesis.permits(valuesOf(nemesis, given)))).toBe(model);
});

test('the same nodes lie throughout a run: as many as asked for, or as may', () => {
  for (const [given, size] of [
    [{}, 1],
    [{ liars: 3 }, 3],
  ] as const) {
    for (let seed = 0; seed < 10; seed++) {
      const faults = schedule('byzantine', { seed, given });
      const liars = new Set(faults.map(({ fault }) => 'node' in fault && fault.node));
      expect(liars.size).toBe(size);
      expect(liars).toContain('n1');
    }
  }
});
