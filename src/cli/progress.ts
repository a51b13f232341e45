import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** How often a bar is drawn anew, and how often a line is printed where nobody watches (ms). */
const BAR_EVERY = 100;
const LINE_EVERY = 10_000;

/** Shows how far something has come while `body` goes on: a bar for someone who watches, else a line now and then. */
export async function withProgress<T>(
  what: { readonly total: number; readonly unit: string; readonly done: () => number },
  terminal: Terminal,
  body: () => Promise<T>,
): Promise<T> {
  const end = terminal.watched ? showBar(what) : printLines(what, terminal);
  try {
    return await body();
  } finally {
    end();
  }
}

type Progress = Parameters<typeof withProgress>[0];

function showBar({ total, unit, done }: Progress): () => void {
  const format = ` {bar} {value} of {total} ${unit} · {duration_formatted}`;
  const bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0);
  const timer = setInterval(() => bar.update(done()), BAR_EVERY);
  return () => {
    clearInterval(timer);
    bar.stop();
  };
}

function printLines({ total, unit, done }: Progress, terminal: Terminal): () => void {
  let printed = 0;
  const timer = setInterval(() => {
    if (done() === printed) return;
    printed = done();
    terminal.err(`${printed} of ${total} ${unit}`);
  }, LINE_EVERY);
  return () => clearInterval(timer);
}
