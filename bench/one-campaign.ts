import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measured, USUAL, warm } from './measured-campaign.ts';

// The usual runs in a process of their own: THREADS RUNS. Prints what was measured as JSON.

const [threads, runs] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'momus-bench-'));
try {
  console.log(JSON.stringify(await measured(`${USUAL}${runs}`, () => warm(threads!, USUAL), folder)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
