import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { stepClock, trueClock } from '../../../src/faults/clock.ts';
import { NodeClock } from '../../../src/linux/clock/clock.ts';
import { patchProcess } from '../../../src/linux/clock/patch.ts';
import { proveSkew } from '../../../src/linux/clock/probe.ts';
import { encodeSkew } from '../../../src/linux/clock/skew.ts';
import { clockSupport } from '../../../src/linux/clock/support.ts';
import { loadPtrace } from '../../../src/linux/libc.ts';
import { HOUR, MILLISECOND, MINUTE, SECOND } from '../../../src/world/nanos.ts';

const support = await clockSupport();
const why = typeof support === 'string' ? support : null;

/** A program that answers each line with the time that it sees, ms. */
interface Teller {
  readonly pid: number;
  ask(way?: string): Promise<number>;
  end(): void;
}

const NODE = [
  process.execPath,
  '-e',
  "require('readline').createInterface({ input: process.stdin }).on('line', () => console.log(Date.now()))",
];
/** The four ways of C: clock_gettime, gettimeofday, time; and clocks that no fault may move. */
const PYTHON = [
  '/usr/bin/python3',
  '-uc',
  `import sys, time, ctypes
libc = ctypes.CDLL(None)
def gettimeofday():
    tv = (ctypes.c_long * 2)()
    assert libc.gettimeofday(tv, None) == 0
    return tv[0] * 1000 + tv[1] / 1000
ways = { 'wall': lambda: time.time() * 1000, 'coarse': lambda: time.clock_gettime(5) * 1000, 'day': gettimeofday,
  'seconds': lambda: libc.time(None) * 1000, 'monotonic': lambda: time.monotonic() * 1000,
  'cpu': lambda: time.process_time() * 1000 }
for line in sys.stdin: print(ways[line.strip() or 'wall']())`,
];
const hasPython = existsSync(PYTHON[0]!);
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const hasEtcd = spawnSync('etcd', ['--version']).status === 0;

const started: ChildProcess[] = [];
const clocks: NodeClock[] = [];

afterEach(() => {
  for (const clock of clocks.splice(0)) clock.close();
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  started.push(child);
  return child;
}

function teller([command, ...args]: readonly string[]): Teller {
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const lines = createInterface({ input: child.stdout });
  return {
    pid: child.pid!,
    end: () => child.kill('SIGKILL'),
    async ask(way = '') {
      child.stdin.write(`${way}\n`);
      const [line] = await once(lines, 'line');
      return Number(line);
    },
  };
}

/** How far ahead a program's clock is, ns, within the time that asking took (ns). */
async function offsetOf({ ask }: Teller, way?: string): Promise<{ offset: number; within: number }> {
  const now = way === 'monotonic' ? () => Number(process.hrtime.bigint()) / 1e6 : Date.now;
  const before = now();
  const seen = await ask(way);
  const after = now();
  return { offset: (seen - (before + after) / 2) * 1e6, within: ((after - before) / 2 + 2) * 1e6 };
}

/** `offset` may change while the program is asked. */
async function expectOffset(program: Teller, offset: () => number, way = '', slack = 0): Promise<void> {
  const from = offset();
  const seen = await offsetOf(program, way);
  const to = offset();
  const off = Math.abs(seen.offset - (from + to) / 2);
  expect(off).toBeLessThanOrEqual(seen.within + slack + Math.abs(to - from) / 2);
}

async function clockOf(pids: () => readonly number[], monotonic: 'true' | 'drifts' = 'true') {
  const start = process.hrtime.bigint();
  const clock = await NodeClock.open({
    now: () => Number(process.hrtime.bigint() - start),
    processes: pids,
    monotonic,
    onRefusal: (pid, reason) => {
      throw new Error(`${pid}: ${reason}`);
    },
  });
  clocks.push(clock);
  return clock;
}

describe.skipIf(why !== null)(`clocks of processes (${why ?? 'as root'})`, () => {
  test('a step is seen by a Node and a Python program, and by nobody else', async () => {
    for (const program of [NODE, PYTHON].filter(([command]) => existsSync(command!))) {
      const skewed = teller(program);
      const other = teller(program);
      await Promise.all([skewed.ask(), other.ask()]);
      const clock = await clockOf(() => [skewed.pid]);
      let sum = 0;
      for (const by of [HOUR, -3 * HOUR, 1.5 * SECOND]) {
        clock.step(by);
        sum += by;
        expect(clock.reading()).toEqual({ wall: sum, monotonic: 0, processes: 1 });
        await expectOffset(skewed, () => sum);
        await expectOffset(other, () => 0);
      }
      clock.reset();
      await expectOffset(skewed, () => 0);
    }
  });

  test.skipIf(!hasPython)('every way to ask for the wall clock is skewed, and no other clock', async () => {
    const program = teller(PYTHON);
    const clock = await clockOf(() => [program.pid]);
    clock.step(HOUR);
    await expectOffset(program, () => HOUR, 'wall');
    await expectOffset(program, () => HOUR, 'day');
    // The coarse clock lags behind by up to a tick, the other by up to a second.
    await expectOffset(program, () => HOUR, 'coarse', 10 * MILLISECOND);
    await expectOffset(program, () => HOUR, 'seconds', SECOND);
    await expectOffset(program, () => 0, 'monotonic');
    expect(await program.ask('cpu')).toBeLessThan(60_000);
  });

  test('a drift grows, keeps what it has won when its rate changes, and a reset ends it', async () => {
    const program = teller(NODE);
    await program.ask();
    const clock = await clockOf(() => [program.pid]);
    clock.drift(400_000);
    await until(() => clock.reading().wall > 40 * MILLISECOND);
    await expectOffset(program, () => clock.reading().wall);
    const won = clock.drift(-200_000).wall;
    expect(won).toBeGreaterThan(40 * MILLISECOND);
    await until(() => clock.reading().wall < won - 20 * MILLISECOND);
    await expectOffset(program, () => clock.reading().wall);
    clock.reset();
    await expectOffset(program, () => 0);
  });

  test('a strobe jumps forth and back, and ends by itself', async () => {
    const program = teller(NODE);
    await program.ask();
    const clock = await clockOf(() => [program.pid]);
    clock.strobe(10 * MINUTE, 50 * MILLISECOND, HOUR);
    const jumps = new Set<number>();
    await until(async () => {
      const { offset } = await offsetOf(program);
      jumps.add(Math.round(offset / (10 * MINUTE)));
      return jumps.size > 1;
    });
    expect(jumps).toEqual(new Set([0, 1]));
    const begun = Date.now();
    clock.strobe(10 * MINUTE, SECOND, 50 * MILLISECOND);
    await until(() => Date.now() - begun > 60);
    await expectOffset(program, () => 0);
  });

  test.skipIf(!hasPython)('a drift bends CLOCK_MONOTONIC only when told to', async () => {
    const program = teller(PYTHON);
    await program.ask();
    const clock = await clockOf(() => [program.pid], 'drifts');
    clock.drift(500_000);
    clock.step(HOUR);
    await until(() => clock.reading().monotonic > 50 * MILLISECOND);
    await expectOffset(program, () => clock.reading().monotonic, 'monotonic');
    const won = clock.reset().monotonic;
    // The monotonic clock never goes back, so it keeps what it has counted.
    await expectOffset(program, () => won, 'monotonic');
    await expectOffset(program, () => 0, 'wall');
  });

  test('processes that start later, and programs executed later, get the clock of their node', async () => {
    const pids: number[] = [];
    const clock = await clockOf(() => pids);
    clock.step(-HOUR);
    // The shell is skewed before it executes Node, which begins with a new vDSO.
    const program = teller(['/bin/sh', '-c', 'read line; exec "$@"', 'sh', ...NODE]);
    pids.push(program.pid);
    clock.apply();
    await until(() => clock.reading().processes === 1);
    const first = program.ask(); // The shell takes this line ...
    const seen = program.ask(); // ... and Node this one.
    await Promise.race([first, seen]);
    await expectOffset(program, () => -HOUR);
    pids.length = 0;
    await until(() => clock.reading().processes === 0);
  });

  test('threads that read the clock all the time live through it', async () => {
    const program = teller([
      process.execPath,
      '-e',
      `const { Worker } = require('worker_threads');
       for (let i = 0; i < 4; i++) new Worker('for (;;) Date.now()', { eval: true });
       require('readline').createInterface({ input: process.stdin }).on('line', () => console.log(Date.now()))`,
    ]);
    await program.ask();
    const clock = await clockOf(() => [program.pid]);
    for (let i = 0; i < 50; i++) clock.step(SECOND);
    await until(() => clock.reading().processes === 1);
    await expectOffset(program, () => 50 * SECOND);
  });

  test('a probe tells a server whose clock is skewed from one that is not reached', async () => {
    const program = teller(NODE);
    const other = teller(NODE);
    await Promise.all([program.ask(), other.ask()]);
    const clock = await clockOf(() => [program.pid]);
    const ask = (whom: Teller) => async () => (await whom.ask()) * 1e6;
    const [skewed, restored] = await proveSkew(clock, ask(program), MILLISECOND, MINUTE);
    expect([skewed.sees, skewed.expected, restored.sees, restored.expected]).toEqual([true, MINUTE, true, 0]);
    const [unreached] = await proveSkew(clock, ask(other), MILLISECOND, MINUTE);
    expect(unreached.sees).toBe(false);
    expect(clock.reading().wall).toBe(0);
  });

  test('where a kernel refuses plain writes, ptrace does the same', async () => {
    const ptrace = await loadPtrace();
    const program = teller(NODE);
    await program.ask();
    const wall = BigInt(Date.now()) * 1_000_000n;
    const block = (by: number) => encodeSkew(stepClock(trueClock(0), 0, by), { wall, monotonic: 0n }, 'true');
    const skewed = patchProcess(program.pid, block(HOUR), { frozen: false, ptrace });
    if (typeof skewed === 'string') throw new Error(skewed);
    await expectOffset(program, () => HOUR);
    for (const by of [-HOUR, MINUTE]) {
      expect(skewed.give(block(by))).toBe(true);
      await expectOffset(program, () => by);
    }
    program.end();
    await until(() => !skewed.lives());
    expect(skewed.give(block(0))).toBe(false);
    skewed.close();
  });

  test.skipIf(!hasRedis)('a C server sees its skew: redis-server', async () => {
    const port = await freePort();
    const server = start('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1']);
    const time = async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write('TIME\r\n');
      const [answer] = await once(socket, 'data');
      socket.destroy();
      const [, seconds, , micros] = String(answer).split('\r\n').slice(1);
      return Number(seconds) * 1e9 + Number(micros) * 1e3;
    };
    await until(() =>
      time().then(
        () => true,
        () => false,
      ),
    );
    const clock = await clockOf(() => [server.pid!]);
    const [skewed, restored] = await proveSkew(clock, time, MILLISECOND, -HOUR);
    expect([skewed.sees, restored.sees]).toEqual([true, true]);
  });

  test.skipIf(!hasEtcd)('a Go server sees its skew: etcd', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'momus-etcd-'));
    const url = `http://127.0.0.1:${await freePort()}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
    const server = start('etcd', [
      ...['--data-dir', folder, '--listen-client-urls', url, '--advertise-client-urls', url],
      ...[
        '--listen-peer-urls',
        peer,
        '--initial-advertise-peer-urls',
        peer,
        '--initial-cluster',
        `default=${peer}`,
      ],
    ]);
    // Go's HTTP server says its time, to the second, in each answer.
    const time = async () => {
      const answer = await fetch(`${url}/health`);
      await answer.text();
      return Date.parse(answer.headers.get('date')!) * 1e6;
    };
    await until(() =>
      time().then(
        () => true,
        () => false,
      ),
    );
    const clock = await clockOf(() => [server.pid!]);
    const [skewed, restored] = await proveSkew(clock, time, SECOND, HOUR);
    expect([skewed.sees, restored.sees]).toEqual([true, true]);
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  });

  test('a stopped process stays stopped, and is skewed nevertheless', async () => {
    const program = teller(NODE);
    await program.ask();
    process.kill(program.pid, 'SIGSTOP');
    await until(() => stateOf(program.pid) === 'T');
    const clock = await clockOf(() => [program.pid]);
    clock.step(HOUR);
    expect(clock.reading().processes).toBe(1);
    expect(stateOf(program.pid)).toBe('T');
    process.kill(program.pid, 'SIGCONT');
    await expectOffset(program, () => HOUR);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))![1]!;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}
