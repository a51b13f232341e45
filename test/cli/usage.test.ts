import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

test('help is printed on request, and for want of a command', async () => {
  const asked = await momus('--help');
  expect(asked).toMatchObject({ code: 0, err: '' });
  for (const command of ['test', 'replay', 'campaign', 'check', 'convert', 'list', 'explain'])
    expect(asked.out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  expect(await momus()).toMatchObject({ code: 64, out: asked.out });
  expect((await momus('test', '--help')).out).toContain('--nemesis');
  expect((await momus('help', 'replay')).out).toContain('Usage: momus replay');
});

test('the version is that of the package', async () => {
  expect((await momus('--version')).out).toMatch(/^\d+\.\d+\.\d+/);
});

test.each([
  [['tset', 'raft'], "unknown command 'tset' (did you mean test?); see momus --help"],
  [['help', 'tset'], 'help: no "tset" (did you mean "test"?); choose from'],
  [['test', 'raft', '--sed', '5'], "unknown option '--sed' (did you mean --seed?); see momus test --help"],
  [['test', 'raft', 'abd'], "too many arguments for 'test'. Expected 1 argument but got 2"],
  [['test', 'raft', '--seed'], "option '--seed <seed>' argument missing"],
  [['test'], 'name a system to test: raft'],
  [['test', 'rfat'], 'no system "rfat" (did you mean "raft"?)'],
  [
    ['test', 'raft', '--bug', 'stale-leader'],
    'no bug of raft "stale-leader" (did you mean "stale-leader-read"?)',
  ],
  [['test', 'raft', '--nodes', '0'], '--nodes: expected a whole number of nodes from 1 to 1000'],
  [['test', 'raft', '--nodes', 'many'], '--nodes: expected a whole number of nodes from 1 to 1000'],
  [['test', 'raft', '--nodes', ''], '--nodes: expected a whole number of nodes from 1 to 1000'],
  [['test', 'raft', '--seed', ''], '--seed: expected a number or a text, and not an empty one'],
  [['test', 'raft', '--rate', '0'], '--rate: expected more than 0 operations a second'],
  [['test', 'raft', '--time-limit', '30'], '--time-limit: "30" is not a duration; write a number and a unit'],
  [['test', 'raft', '--timing', 'sync'], '--timing: no "sync" (did you mean "synchronous"?)'],
  [['test', 'raft', '--node-faults', 'none'], '--node-faults: no "none"'],
  [['test', 'raft', '--runs', '0'], '--runs: "0" is not a whole number from 1 on'],
  [['test', 'raft', '--threads', '1.5'], '--threads: "1.5" is not a whole number from 1 on'],
  [['test', 'raft', '--param', 'x'], '--param: "x" is no parameter; write name=value'],
  [['test', 'raft', '--param', 'x=1'], 'raft: no parameter "x"; it has: '],
  [
    ['test', 'raft', '--workload', 'register:kys=1'],
    'workload register: no parameter "kys" (did you mean "keys"?)',
  ],
  [['test', 'abd', '--workload', 'append'], 'abd does not serve workload append; it serves register'],
  [['test', 'raft', '--nemesis', 'swrm'], 'no nemesis "swrm" (did you mean "swarm"?)'],
  [
    ['test', 'raft', '--nemesis', 'partition:kinds=ring', '--nodes', '3'],
    'needs at least 4 nodes and there are 3',
  ],
  [['test', 'raft', '--timing', 'synchronous', '--nemesis', 'pause'], 'goes beyond the model of this test'],
  [
    ['test', 'raft', '--store', '/dev/null/x'],
    "can't store runs in /dev/null/x: a part of the path is not a folder",
  ],
  [['test', '--spec', 'none.yaml'], 'none.yaml: no such file'],
  [['replay'], "missing required argument 'run'"],
  [['replay', 'none', '--store', '/nowhere'], 'no run "none" in /nowhere/runs; no run is stored there'],
  [['list'], 'say what to list: systems, bugs'],
  [['explain'], 'say what to explain'],
  [['explain', 'rfat'], 'nothing is called "rfat" (did you mean "raft"?)'],
  [['list', 'sytems'], 'list: no "sytems" (did you mean "systems"?)'],
  [['list', 'bugs', 'rfat'], 'list bugs: no "rfat" (did you mean "raft"?)'],
  [['list', 'systems', 'raft'], 'only bugs are listed by system'],
  [['check', 'none.jsonl'], "none.jsonl: can't read it: no such file"],
  [['check', 'x', '--checker', 'sett-full'], '--checker: no "sett-full" (did you mean "set-full"?)'],
  [['check', 'x', '--model', 'regster'], '--model: no "regster" (did you mean "register"?)'],
  [['check', 'x', '--model', 'set', '--checker', 'stats'], '--checker stats takes no --model'],
  [['check', 'x', '--model', 'set', '--checker', 'list-append'], '--model: no "set"'],
  [['check', 'x', '--model', 'causal', '--checker', 'linearizable'], '--model: no "causal"'],
  [['check', 'x', '--initial', '0'], '--initial: needs --checker linearizable or --model'],
  [['check', 'x', '--model', 'register', '--initial', '{'], '--initial: "{" is no JSON'],
  [['check', 'x', '--format', 'jsonn'], '--format: no "jsonn" (did you mean "jsonl"?)'],
  [['check', 'x', '--steps', '-1'], '--steps: "-1" is not a whole number from 1 on'],
  [['convert', 'a', 'b'], 'b: the name does not say in which format to write; end it in .jsonl or .edn'],
  [['campaign', '--seeds', 'x'], '--seeds: "x" is not a whole number from 1 on'],
])('momus %j is refused with one clear line and code 64', async (argv, line) => {
  const { code, out, err } = await momus(...argv);
  expect(err).toMatch(/^momus: /);
  expect(err).toContain(line);
  expect(err.split('\n')).toHaveLength(1);
  expect(out).toBe('');
  expect(code).toBe(64);
});

test('all mistakes of a command line are told at once', async () => {
  const { err } = await momus('test', 'raft', '--nodes', '0', '--rate', '-1', '--time-limit', 'x');
  expect(err.split('\n')).toHaveLength(3);
});

test('mistakes in a spec file have their place, those in flags over it do not', async () => {
  const file = temporary('spec.yaml');
  writeFileSync(file, 'system: raft\nbugs:\n  - stale\n');
  const { err } = await momus('test', '--spec', file, '--workload', 'regster');
  expect(err.split('\n').map((line) => line.replace(file, 'FILE'))).toEqual([
    expect.stringContaining('momus: FILE:3:5: no bug of raft "stale"'),
    expect.stringContaining('momus: no workload "regster" (did you mean "register"?)'),
  ]);
});

test('a history in the wrong place is told by file and line', async () => {
  const file = temporary('bad.jsonl');
  writeFileSync(
    file,
    '{"index":0,"time":0,"process":0,"type":"invoke","f":"read","value":null}\n{"index":\n{}\n',
  );
  const { code, err } = await momus('check', file);
  expect(code).toBe(64);
  expect(err).toContain(`${file}:2: `);
});
