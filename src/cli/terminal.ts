import { basename, relative } from 'node:path';
import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from 'chalk';

const NARROWEST = 80;
const WIDEST = 100;

/** Where a command prints, and how. */
export interface Terminal {
  /** Prints text and a line end to standard output: what was asked for. */
  out(text: string): void;
  /** The same to standard error: everything else. */
  err(text: string): void;
  /** Colours for `out`. */
  readonly paint: ChalkInstance;
  /** Colours for `err`. */
  readonly paintErr: ChalkInstance;
  /** Columns to fill. */
  readonly width: number;
  /** Whether somebody watches standard error, so that a progress bar makes sense. */
  readonly watched: boolean;
  /** How this user calls momus: `momus`, `npx momus`, `node dist/src/cli/main.js`. */
  readonly momus: string;
}

/** The terminal of this process. Colours follow NO_COLOR, FORCE_COLOR and whether there is a terminal at all. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // A reader that has seen enough (`momus list | head`) is no error.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  return {
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
    paint: new Chalk({ level: colours(supportsColor) }),
    paintErr: new Chalk({ level: colours(supportsColorStderr) }),
    width: Math.max(NARROWEST, Math.min(WIDEST, stdout.columns ?? WIDEST)),
    watched: stderr.isTTY === true && process.env.CI === undefined,
    momus: calledAs(),
  };
}

function colours(support: typeof supportsColor): 0 | 1 | 2 | 3 {
  return process.env.NO_COLOR || support === false ? 0 : support.level;
}

function calledAs(): string {
  const script = process.argv[1] ?? 'momus';
  if (basename(script).startsWith('main.')) return `node ${relative(process.cwd(), script)}`;
  return process.env.npm_command === 'exec' ? 'npx momus' : 'momus';
}
