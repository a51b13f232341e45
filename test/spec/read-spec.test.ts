import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatSpec } from '../../src/spec/format.ts';
import { readSpecFile } from '../../src/spec/read-spec.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { specSchema } from '../../src/spec/schema.ts';
import { readYaml } from '../../src/spec/yaml-file.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { toyRegistry } from './toy-registry.ts';

const temporary = temporaryFolder();

const read = (text: string) => readYaml(specSchema, text, 't.yaml');

function mistakes(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('durations, numbers, lists and nemeses in either form are read', () => {
  const text = `
system: echo
timeLimit: 1.5m
settle: 0
seed: 7
bugs: [deaf]
nemeses:
  - noise:loud=true
  - name: nap
    parameters: { x: 3 }
model: { timing: asynchronous, clockError: 4ms }
`;
  expect(read(text).data).toEqual({
    system: 'echo',
    timeLimit: 90e9,
    settle: 0,
    seed: 7,
    bugs: ['deaf'],
    nemeses: [
      { name: 'noise', parameters: { loud: 'true' } },
      { name: 'nap', parameters: { x: 3 } },
    ],
    model: { timing: 'asynchronous', clockError: 4e6 },
  });
});

test.each([
  ['nodez: 5', 't.yaml:1:1: no setting "nodez" (did you mean "nodes"?)'],
  ['system: echo\nnodes: 0', 't.yaml:2:8: nodes: expected a whole number of nodes from 1 to 1000'],
  ['rate: -3', 't.yaml:1:7: rate: expected more than 0 operations a second'],
  ['timeLimit: 30', 't.yaml:1:12: timeLimit: expected a time with its unit: 500ms, 30s, 2m, 1h'],
  [
    'timeLimit: 30 sec',
    't.yaml:1:12: timeLimit: "30 sec" is not a duration; write a number and a unit: 500ms, 30s, 2m, 1h',
  ],
  [
    'model:\n  timing: sync',
    't.yaml:2:11: model.timing: no "sync" (did you mean "synchronous"?); choose from synchronous, ' +
      'partially-synchronous, asynchronous',
  ],
  ['nemeses:\n  - nam: kill\n    name: x', 't.yaml:2:5: no setting "nam" (did you mean "name"?)'],
  ['nemeses: [a=b]', 't.yaml:1:11: nemeses.0: nemesis "a=b": begins with a parameter; write name:a=b'],
  ['world: mars', 't.yaml:1:8: world: no "mars"; choose from sim, linux'],
  ['- a\n- b', 't.yaml:1:1: expected object, received array'],
])('%j is refused with its place', (text, line) => {
  expect(mistakes(text)).toEqual([line]);
});

test('what is no YAML is refused with its place', () => {
  expect(mistakes('system: "echo')[0]).toMatch(/^t\.yaml:1:14: Missing closing "quote/);
  expect(mistakes('a: 1\na: 2')[0]).toMatch(/^t\.yaml:2:1: Map keys must be unique/);
});

test('two unknown settings are two lines', () => {
  expect(mistakes('nodez: 5\nsystem: echo\nrat: 3')).toEqual([
    't.yaml:1:1: no setting "nodez" (did you mean "nodes"?)',
    't.yaml:3:1: no setting "rat" (did you mean "rate"?)',
  ]);
});

test('mistakes that only the registry knows have their place too', () => {
  const { data, locate } = read('seed: 1\nsystem: echo\nnemeses:\n  - noise\n  - name: swrm\n');
  expect(() => resolveSpec({ ...data, system: 'echo', seed: 1 }, toyRegistry, locate)).toThrow(
    't.yaml:5:11: no nemesis "swrm" (did you mean "swarm"?)',
  );
});

test('a spec written to a file reads back as the same spec', () => {
  const { spec } = resolveSpec(
    { system: 'echo', bugs: ['deaf'], beyondModel: true, seed: '007' },
    toyRegistry,
  );
  const file = temporary('spec.yaml');
  writeFileSync(file, formatSpec(spec));
  const { data } = readSpecFile(file);
  expect(resolveSpec({ ...data, system: data.system!, seed: data.seed! }, toyRegistry).spec).toEqual(spec);
  expect(data.seed).toBe('007');
});

test('a spec file that is not there is one line', () => {
  expect(() => readSpecFile(temporary('none.yaml'))).toThrow(/none\.yaml: no such file; name a spec file/);
});
