import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HistoryBuilder } from '../histories/builder.ts';
import { fingerprint } from '../histories/fingerprint.ts';
import { byKey, eventsOf } from '../histories/groups.ts';
import type { History } from '../histories/history.ts';
import { readHistory } from '../histories/read.ts';
import { writeHistory } from '../histories/write.ts';
import { cpuSeconds } from './measuring.ts';

/** One line of the table that a benchmark prints. */
export interface Row {
  readonly work: string;
  /** Of CPU time. */
  readonly seconds: number;
  /** How fast that is, with its unit. */
  readonly rate: string;
}

/** Reads and writes of a register history of `events` events over `keys` keys, in every format, and its views. */
export async function benchHistories(events = 1_000_000, keys = 100): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'momus-bench-'));
  try {
    const rows: Row[] = [];
    const history = registerHistory(events, keys);
    for (const name of ['h.jsonl', 'h.jsonl.gz', 'h.edn']) {
      const path = join(folder, name);
      const write = await cpuSeconds(() => writeHistory(path, history));
      const read = await cpuSeconds(() => readHistory(path));
      rows.push(
        { work: `write ${name}`, seconds: write, rate: rateOf(path, events, write) },
        { work: `read ${name}`, seconds: read, rate: rateOf(path, events, read) },
        { work: `write and read ${name}`, seconds: write + read, rate: rateOf(path, events, write + read) },
      );
    }
    const perEvent = async (work: string, body: (h: History) => unknown): Promise<void> => {
      const spent = await cpuSeconds(() => body(history));
      rows.push({ work, seconds: spent, rate: `${(events / spent / 1e6).toFixed(2)} M events/s` });
    };
    await perEvent('fingerprint', fingerprint);
    await perEvent(`group by key (${keys})`, byKey);
    await perEvent(`a history per key (${keys})`, (h) => {
      const groups = byKey(h);
      for (let g = 0; g < groups.names.length; g++) h.pick(eventsOf(groups, g));
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rateOf(path: string, events: number, spent: number): string {
  const megabytes = statSync(path).size / 1e6;
  return `${(events / spent / 1e6).toFixed(2)} M events/s, ${(megabytes / spent).toFixed(1)} MB/s of file`;
}

/** Reads, writes and cas by 50 clients at 5 nodes, every second event a completion. */
function registerHistory(events: number, keys: number): History {
  const builder = new HistoryBuilder();
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  for (let i = 0; i < events / 2; i++) {
    const process = draw(50);
    const f = ['read', 'write', 'cas'][draw(3)]!;
    const value = f === 'write' ? i : f === 'cas' ? [draw(5), i] : null;
    const shared = { process, f, key: draw(keys), node: `n${(process % 5) + 1}` };
    builder.append({ ...shared, time: i * 1_000_000, type: 'invoke', value });
    builder.append({ ...shared, time: i * 1_000_000 + 700_000, type: 'ok', value: value ?? i });
  }
  return builder.build();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const keys of [100, 100_000]) {
    process.stdout.write(`1,000,000 events, ${keys} keys\n`);
    for (const row of await benchHistories(1_000_000, keys))
      process.stdout.write(`  ${row.work.padEnd(32)} ${row.seconds.toFixed(2).padStart(6)} s  ${row.rate}\n`);
  }
}
