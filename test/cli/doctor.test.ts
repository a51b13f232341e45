import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

test('doctor says what the machine can do, and of each server which package brings it', async () => {
  const asked = await momus('doctor', 'etcd', '--json');
  const { ok, machine, servers } = JSON.parse(asked.out);
  expect(machine.map(({ what }: { what: string }) => what)).toEqual([
    ...['nodes and network', 'tools', 'clocks', 'disks', 'processes'],
  ]);
  expect(servers).toMatchObject([{ system: 'etcd', binaries: [{ binary: { package: 'etcd-server' } }] }]);
  const all = [...machine.map((one: { ok: boolean }) => one.ok), servers[0].binaries[0].path !== null];
  expect(ok).toBe(all.every(Boolean));
  expect(asked.code).toBe(ok ? 0 : 1);
  expect((await momus('doctor', 'etcd')).out).toMatch(/etcd.*Debian package etcd-server/);
});

test('doctor says which package of npm a server needs', async () => {
  const asked = await momus('doctor', 'postgres', '--json');
  expect(JSON.parse(asked.out).servers).toMatchObject([
    { system: 'postgres', npm: [{ package: { name: 'pg', version: '8.23.1' }, version: '8.23.1' }] },
  ]);
  expect((await momus('doctor', 'postgres')).out).toMatch(/pg +8\.23\.1 +npm package pg@8\.23\.1/);
});

test.skipIf(process.getuid?.() !== 0)('doctor --clean does nothing else, and says what it did', async () => {
  const asked = await momus('doctor', '--clean', '--json');
  expect(JSON.parse(asked.out)).toEqual({ cleaned: expect.any(Array), failures: [] });
  expect(asked.code).toBe(0);
  expect((await momus('doctor', '--clean')).out).toMatch(
    /^(no dead run has left anything behind|\d+ dead runs? cleaned away)\n?$/,
  );
});

test.each([
  [['doctor', '--clean', '--install'], "option '--clean' cannot be used with option '--install'"],
  [['doctor', 'etcdd'], 'doctor: no "etcdd" (did you mean "etcd"?)'],
  [['test', 'raft', '--world', 'mars'], '--world: no "mars"; choose from sim, linux'],
  [['test', 'etcd', '--world', 'sim'], "etcd can't be deployed in the sim world; it can in linux"],
  [['test', 'raft', '--capture'], 'capture: only in the linux world'],
  [['test', 'etcd', '--disk', 'wet'], '--disk: no "wet"; choose from faulty, plain'],
  [['test', 'etcd', '--nodes', '50'], 'etcd runs on 1 to 9 nodes, not on 50'],
  [['test', 'etcd', '--verify-determinism'], '--verify-determinism: only the sim world is deterministic'],
])('%j is refused with one line', async (args, line) => {
  const { code, err } = await momus(...args);
  expect(err).toMatch(/^momus: [^\n]*\n?$/);
  expect(err).toContain(line);
  expect(code).toBe(64);
});

test.each([
  ['', 'exports no "system"'],
  [
    'export const system = { name: "mine", about: "", assumes: {} };',
    'the system has no guarantees, no serves',
  ],
])('a file of the user that holds %j is refused with one line', async (text, line) => {
  // Node imports a file once, so each needs a name of its own.
  const file = `${temporary(`system-${text.length}`)}.mjs`;
  writeFileSync(file, text);
  const { code, err } = await momus('test', file);
  expect(err).toContain(`momus: ${file}: ${line}`);
  expect(code).toBe(64);
});

test('a file that is not there is refused', async () => {
  const { code, err } = await momus('test', './nowhere.ts');
  expect(err).toContain('./nowhere.ts: no such file');
  expect(code).toBe(64);
});
