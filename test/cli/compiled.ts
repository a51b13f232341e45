import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../source-files.ts';

/** Builds the command line if need be. */
export async function build(): Promise<void> {
  await execa(process.execPath, [join(ROOT, 'scripts/setup.mjs')]);
}

/** Starts the compiled command line in a process of its own: faster than from the sources, and of one build with its like. */
export function compiled(...argv: readonly string[]) {
  const main = join(ROOT, 'dist/src/cli/main.js');
  return execa(process.execPath, [main, ...argv], { reject: false, env: { NO_COLOR: '1' } });
}
