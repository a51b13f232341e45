import { expect, test } from 'vitest';
import { readCampaign } from '../../src/spec/campaign-file.ts';
import { toyRegistry } from './toy-registry.ts';

const read = (text: string) => readCampaign(text, 'c.yaml', toyRegistry);

/** The tests of a campaign, each in a line. */
function tests(text: string): string[] {
  return read(text).cells.map(({ resolved: { spec } }) =>
    [spec.workload, spec.bugs, spec.nemeses.map(({ name }) => name).join('+'), spec.model.timing].join(' '),
  );
}

function mistakes(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('a matrix is every combination of its lists', () => {
  const text = `
systems: [echo]
workloads: [talk, whisper:share=0.1]
nemeses:
  - none
  - noise,swarm
  - [swarm]
models: [{}, { timing: asynchronous }]
seeds: 1..10`;
  expect(tests(text)).toHaveLength(2 * 3 * 2);
  expect(tests(text)).toContain('whisper  noise+swarm asynchronous');
  expect(read(text).cells[6]!.resolved.spec.workloadParameters).toEqual({ share: 0.1 });
});

test('what a matrix leaves out, the system and its bugs decide', () => {
  expect(tests('systems: [echo]\nseeds: 1')).toEqual(['talk  swarm synchronous']);
  expect(tests('systems: [echo]\nworkloads: all\nseeds: 1')).toHaveLength(2);
  const eachBug =
    'systems: [{ system: echo, eachBug: true }]\nmodels: [{ network: arbitrary, timing: asynchronous }]';
  expect(tests(`${eachBug}\nseeds: 1`)).toEqual(['whisper deaf noise+nap asynchronous']);
});

test('include adds tests, exclude takes some away, twins are run once', () => {
  const text = `
systems: [echo, echo]
workloads: [talk, whisper]
timeLimit: 3s
seeds: 1
include:
  - system: echo
    nodes: 7
    nemeses: [noise]
exclude:
  - workload: whisper`;
  expect(tests(text)).toEqual(['talk  swarm synchronous', 'talk  noise synchronous']);
  expect(read(text).cells[1]!.resolved.spec).toMatchObject({ nodes: 7, timeLimit: 3e9 });
});

test("a system of one's own keeps the name of its file, whatever it calls itself", () => {
  const systems = { ...toyRegistry.systems, './own.ts': toyRegistry.systems.echo! };
  const { cells } = readCampaign('systems: [./own.ts]\nseeds: 1', 'c.yaml', { ...toyRegistry, systems });
  expect(cells.map(({ resolved }) => resolved.spec.system)).toEqual(['./own.ts']);
});

test('what the model forbids can be excluded', () => {
  const text = 'systems: [echo]\nnemeses: [nap, swarm]\nmodels: [{}, { timing: asynchronous }]\nseeds: 1\n';
  expect(mistakes(text)[0]).toMatch(/^c\.yaml:2:11: nemesis nap goes beyond the model of this test/);
  expect(tests(`${text}exclude: [{ nemesis: nap, model: { timing: synchronous } }]`)).toHaveLength(3);
});

test('seeds and stop rules are read in every form', () => {
  expect(read('systems: [echo]\nseeds: forever').cells[0]!.seeds.ranges).toMatchObject([{ from: 1 }]);
  expect(read('systems: [echo]\nseeds: { from: 5, until: 10m }\nstop: { time: 1h }').stop).toEqual({
    time: 600e9,
  });
  expect(read('systems: [echo]\nseeds: 1..9\nstop: first-failure').stop).toMatchObject({ failures: 1 });
  expect(read('systems: [echo]\nseeds: 1..9\nstop: { cellFailures: 2 }').cells[0]!.cellFailures).toBe(2);
  expect(read('name: mine\nsystems: [echo]\nseeds: 1').name).toBe('mine');
  expect(read('systems: [echo]\nseeds: 1').name).toBe('c');
});

test('tests are explored where the file says so and faults are drawn', () => {
  const text = 'systems: [echo]\nnemeses: [none, swarm]\nseeds: 1..9\n';
  const explored = (more: string) => read(text + more).cells.map((cell) => cell.explored);
  expect(explored('')).toEqual([false, false]);
  expect(explored('explore: true')).toEqual([false, true]);
});

test.each([
  [
    'systems: [eco]\nseeds: 1',
    'c.yaml:1:11: no system "eco" (did you mean "echo"?); choose from echo, server, patient',
  ],
  ['systems: [echo]\nseeds: 9..1', 'c.yaml:2:8: seeds: the range 9..1 is empty; write 1..9'],
  [
    'systems: [echo]\nseeds: { until: 10 }',
    'c.yaml:2:17: seeds.until: expected a time with its unit, 10m, or forever',
  ],
  ['systems: [echo]\nseeds: 1\nworkloads: [sing]', 'c.yaml:3:13: none of the systems serves workload sing'],
  [
    'systems: [echo]\nseeds: 1\nnemeses: [none, "swarm,nois"]',
    'c.yaml:3:17: no nemesis "nois" (did you mean "noise"?); choose from noise, swarm, nap',
  ],
  [
    'systems: [{ system: echo, bugs: [def] }]\nseeds: 1',
    'c.yaml:1:34: no bug of echo "def" (did you mean "deaf"?); choose from deaf',
  ],
  [
    'systems: [echo]\nseeds: 1\nexclude: [{ workload: whisper }]',
    'c.yaml:3:11: excludes nothing: no test of the matrix is like that',
  ],
  [
    'systems: [echo]\nseeds: 1\nexclude: [{}]',
    'c.yaml:3:11: exclude.0: names nothing, so it would exclude everything',
  ],
  ['systems: [echo]\nseeds: 1\ninclude: [{ nodes: 3 }]', 'c.yaml:3:11: include.0.system: names no system'],
  [
    'systems: [echo]\nseeds: 1\nstop: { failure: 3 }',
    'c.yaml:3:9: no setting "failure" (did you mean "failures"?)',
  ],
  [
    'systems: [echo]\nseeds: 1..9\nnemeses: [none]\nexplore: true',
    'c.yaml:4:10: explore: no test of the sim world draws faults that could be changed',
  ],
  [
    'systems: [echo]\nseeds: 1..9\nexplore: yes please',
    'c.yaml:3:10: explore: expected boolean, received string',
  ],
  ['seeds: 1', 'c.yaml: no test is left; name systems, or exclude less'],
  ['systems: [echo]', 'c.yaml:1:1: seeds: say under which, as in 1..100'],
])('%j is refused with its place', (text, line) => {
  expect(mistakes(text)).toEqual([line]);
});
