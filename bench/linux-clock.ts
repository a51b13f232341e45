import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { NodeClock } from '../src/linux/clock/clock.ts';
import { probeClock } from '../src/linux/clock/probe.ts';
import { clockSupport } from '../src/linux/clock/support.ts';
import { HOUR } from '../src/world/nanos.ts';
import type { Measure } from './linux.ts';

const READS = 5_000_000;

/** Tells its time; or reads it `READS` times, and tells how much CPU time one took, ns. */
const READER = `
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'time') return console.log(Date.now());
  const before = process.cpuUsage();
  for (let i = 0; i < ${READS}; i++) Date.now();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) * 1000 / ${READS});
})`;

/** What reading a clock costs a program whose clocks are skewed, and what skewing costs the controller. */
export async function benchLinuxClock(): Promise<Measure[]> {
  const support = await clockSupport();
  if (typeof support === 'string') return [{ what: 'clocks', measured: `not measured: ${support}` }];
  const reader = spawn(process.execPath, ['-e', READER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: reader.stdout });
  const ask = async (what: string) => {
    reader.stdin.write(`${what}\n`);
    return Number((await once(lines, 'line'))[0]);
  };
  const start = process.hrtime.bigint();
  const now = () => Number(process.hrtime.bigint() - start);
  const clock = await NodeClock.open({ now, processes: () => [reader.pid!] });
  try {
    await ask('cost');
    const plain = await ask('cost');
    const before = now();
    clock.step(HOUR);
    const first = now() - before;
    const skewed = await ask('cost');
    const probe = await probeClock(clock, async () => (await ask('time')) * 1e6, 1e6);
    if (!probe.sees) throw new Error(`the skew does not reach the program: it is ${probe.seen} ns ahead`);
    const again = now();
    for (let i = 0; i < 1000; i++) clock.step(1);
    const change = (now() - again) / 1000;
    return [
      { what: 'Date.now() of a Node process, true clock', measured: `${plain.toFixed(0)} ns` },
      { what: 'the same, skewed clock', measured: `${skewed.toFixed(0)} ns` },
      { what: 'rewriting a process of 11 threads, once', measured: `${(first / 1e6).toFixed(1)} ms` },
      { what: 'changing its skew', measured: `${(change / 1e3).toFixed(0)} µs` },
    ];
  } finally {
    clock.close();
    reader.kill();
  }
}
