import { writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { build, compiled } from '../cli/compiled.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { keptFiles, linesOf, runsOf } from './stored-campaign.ts';

const temporary = temporaryFolder();

/** Processes of their own take their time on a busy machine (ms). */
const SLOW = 240_000;

const CAMPAIGN = `
systems: [paxos, { system: paxos, bugs: [accepts-lower-ballot] }]
timeLimit: 1s
settle: 1s
nodes: 3
concurrency: 3
rate: 50
seeds: 1..60
`;

beforeAll(build, SLOW);

test(
  'SIGKILL at any moment loses no failing run and counts none twice',
  async () => {
    const file = temporary('c.yaml');
    writeFileSync(file, CAMPAIGN);
    const [killed, whole] = [temporary('killed'), temporary('whole')];
    for (const after of [1, 17, 60]) {
      const running = compiled('campaign', file, '--store', killed, '--threads', '1');
      while (linesOf(killed).length < after) await new Promise((resolve) => setTimeout(resolve, 1));
      running.kill('SIGKILL');
      await running;
    }
    const before = linesOf(killed).length;
    const { stdout } = await compiled('campaign', file, '--store', killed, '--threads', '1');
    if (before < 120) expect(stdout).toContain(`goes on after ${before} runs of the last time`);
    await compiled('campaign', file, '--store', whole);
    expect(linesOf(killed)).toHaveLength(120);
    expect(runsOf(killed)).toEqual(runsOf(whole));
    expect(keptFiles(killed)).toEqual(keptFiles(whole));
    expect(Object.keys(keptFiles(whole)).length).toBeGreaterThan(20);
  },
  SLOW,
);

test(
  'Ctrl-C stops cleanly, and the same command goes on',
  async () => {
    const file = temporary('c.yaml');
    writeFileSync(file, CAMPAIGN.replace('1..60', 'forever'));
    const store = temporary('stopped');
    const running = compiled('campaign', file, '--store', store, '--threads', '1');
    while (linesOf(store).length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
    running.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('stopping; what is written stays');
    expect(stdout).toContain('interrupted; the same command goes on from here');
    const before = linesOf(store).length;
    writeFileSync(file, `${CAMPAIGN.replace('1..60', 'forever')}\nstop: { runs: ${before + 3} }`);
    const again = await compiled('campaign', file, '--store', store);
    expect(again.stdout).toContain(`goes on after ${before} runs`);
    expect(linesOf(store)).toHaveLength(before + 3);
  },
  SLOW,
);
