import { Chalk } from 'chalk';
import { run } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function momus(...argv: readonly string[]): Promise<Answer> {
  const out: string[] = [];
  const err: string[] = [];
  const plain = new Chalk({ level: 0 });
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    paint: plain,
    paintErr: plain,
    width: 100,
    watched: false,
    momus: 'momus',
  };
  const code = await run(argv, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
