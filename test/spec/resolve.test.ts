import { expect, test } from 'vitest';
import { beyondAssumptions, resolveSpec } from '../../src/spec/resolve.ts';
import type { SpecInput } from '../../src/spec/schema.ts';
import { shortNemeses, testArguments } from '../../src/spec/short-form.ts';
import { toyRegistry } from './toy-registry.ts';

const resolve = ({ system = 'echo', seed = 1, ...rest }: SpecInput) =>
  resolveSpec({ ...rest, system, seed }, toyRegistry);

/** The lines of the refusal. */
function mistakes(input: SpecInput): string[] {
  try {
    resolve(input);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('a spec that names only a system gets its first workload, a swarm, its model and the defaults', () => {
  const { spec } = resolve({});
  expect(spec).toMatchObject({
    workload: 'talk',
    nemeses: [{ name: 'swarm', parameters: {} }],
    model: { network: 'fair-loss', nodes: 'crash-stop', timing: 'synchronous' },
    systemParameters: { delay: '1ms', words: 3 },
    nodes: 5,
    timeLimit: 30e9,
  });
});

test('a bug brings its workload and its nemeses along', () => {
  const { spec } = resolve({ bugs: ['deaf'], beyondModel: true });
  expect(spec.workload).toBe('whisper');
  expect(spec.nemeses).toEqual([
    { name: 'noise', parameters: { loud: true } },
    { name: 'nap', parameters: {} },
  ]);
});

test.each([
  [{ system: 'eco' }, 'no system "eco" (did you mean "echo"?); choose from echo, server, patient'],
  [{ bugs: ['daef'] }, 'no bug of echo "daef" (did you mean "deaf"?); choose from deaf'],
  [{ workload: 'tlak' }, 'no workload "tlak" (did you mean "talk"?); choose from talk, whisper, sing'],
  [{ workload: 'sing' }, 'echo does not serve workload sing; it serves talk, whisper'],
  [
    { nemeses: [{ name: 'swrm', parameters: {} }] },
    'no nemesis "swrm" (did you mean "swarm"?); choose from noise, swarm, nap',
  ],
  [
    { nemeses: [{ name: 'noise', parameters: { lout: true } }] },
    'nemesis noise: no parameter "lout" (did you mean "loud"?); it has: loud',
  ],
  [{ nemeses: [{ name: 'noise', parameters: {} }], nodes: 1 }, 'nemesis noise: needs at least 2 nodes'],
  [{ systemParameters: { words: 0 } }, 'echo: words: 0 is below the least, 1'],
  [{ systemParameters: { delay: 5 } }, 'echo: delay: 5 of what? write 5s, 5ms ...'],
  [{ systemParameters: { words: 13 } }, 'echo: words=13 brings bad luck'],
  [
    { world: 'linux' },
    'echo assumes that nothing is ever late (timing synchronous), which no real machine promises; test it in the sim world',
  ],
  [
    { system: 'patient', linux: { transport: 'udp' }, world: 'linux' },
    'patient assumes that no message is lost (network reliable), and datagrams may be; leave it at tcp',
  ],
  [
    { system: 'server', linux: { transport: 'udp' } },
    'server is a system of servers, which send messages in their own way',
  ],
  [{ system: 'server', world: 'sim' }, "server can't be deployed in the sim world; it can in linux"],
  [{ linux: { capture: true } }, 'capture: only in the linux world'],
  [{ system: 'server', nodes: 5 }, 'server runs on 2 to 3 nodes, not on 5'],
  [{ workloadParameters: { share: 2 } }, 'workload talk: share: 2 is above the greatest, 1'],
] satisfies [SpecInput, string][])('%j is refused with one line', (input, line) => {
  expect(mistakes(input)).toEqual([line]);
});

test('every mistake is told, not only the first', () => {
  const nemeses = [
    { name: 'x', parameters: {} },
    { name: 'noise', parameters: { y: 1 } },
  ];
  expect(mistakes({ bugs: ['z'], nemeses, workload: 'w' })).toHaveLength(4);
});

test('names that every object has are no systems', () => {
  expect(mistakes({ system: 'constructor' })).toEqual([
    'no system "constructor"; choose from echo, server, patient',
  ]);
});

test('a nemesis outside the model is refused with what to do about it', () => {
  const nemeses = [{ name: 'nap', parameters: {} }];
  expect(mistakes({ nemeses })).toEqual([
    'nemesis nap goes beyond the model of this test (fair-loss / crash-stop / synchronous): it needs timing ' +
      'asynchronous; widen the model (--timing asynchronous), or go on all the same with --beyond-model',
  ]);
  expect(mistakes({ nemeses, beyondModel: true })).toEqual([]);
  expect(mistakes({ nemeses, model: { timing: 'asynchronous' } })).toEqual([]);
});

test('what nemeses do beyond the assumptions of the system is known', () => {
  const nemeses = [{ name: 'nap', parameters: {} }];
  expect(beyondAssumptions(resolve({}))).toEqual([]);
  expect(beyondAssumptions(resolve({ nemeses, beyondModel: true }))).toEqual(['timing asynchronous']);
});

test('a nemesis that adapts to its model is beyond the assumptions where the model is', () => {
  expect(beyondAssumptions(resolve({ model: { nodes: 'byzantine' } }))).toEqual(['nodes byzantine']);
});

test('the short form leaves out what is the default', () => {
  const nemeses = [
    { name: 'noise', parameters: { loud: false } },
    { name: 'noise', parameters: { loud: 'yes' } },
  ];
  expect(shortNemeses(resolve({ nemeses, beyondModel: true }))).toBe('noise,noise:loud=true');
  expect(shortNemeses(resolve({ nemeses: [] }))).toBe('none');
});

test('the arguments of a test say all that a fresh test would not have by itself', () => {
  const nemeses = [{ name: 'nap', parameters: {} }];
  const resolved = resolve({
    nemeses,
    model: { timing: 'asynchronous' },
    systemParameters: { delay: '2ms' },
    timeLimit: 60e9,
    seed: "it's me",
  });
  expect(testArguments(resolved).join(' ')).toBe(
    'test echo --workload talk --nemesis nap --param delay=2ms --time-limit 1m --timing asynchronous ' +
      "--seed 'it'\\''s me'",
  );
});

test('node programs live in the simulator unless the linux world is asked for', () => {
  expect(resolve({ system: 'patient' }).spec.world).toBe('sim');
  const resolved = resolve({ system: 'patient', world: 'linux' });
  expect(resolved.spec).toMatchObject({ world: 'linux', linux: { transport: 'tcp' } });
  expect(testArguments(resolved).join(' ')).toBe(
    'test patient --workload talk --nemesis swarm --world linux --seed 1',
  );
});

test('a system of servers has its own world, nodes and pace, and may promise more or less by its parameters', () => {
  const resolved = resolve({ system: 'server', linux: { capture: true } });
  expect(resolved.spec).toMatchObject({
    world: 'linux',
    linux: { clientNetwork: 'healthy', disk: 'faulty', capture: true },
    nodes: 2,
    settle: 3e9,
  });
  expect(resolved.workloadOptions.guarantees).toEqual([]);
  expect(testArguments(resolved).join(' ')).toBe(
    'test server --workload talk --nemesis swarm --capture --seed 1',
  );
  const other = resolve({ system: 'server', systemParameters: { words: 1 } });
  expect(other.workloadOptions.guarantees).toEqual(['linearizable']);
});
