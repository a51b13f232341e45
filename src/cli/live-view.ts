import { clearScreenDown, moveCursor } from 'node:readline';
import type { Terminal } from './terminal.ts';

/** How often the view is drawn anew, and how often a line is printed where nobody watches (ms). */
const DRAW_EVERY = 250;
const LINE_EVERY = 10_000;

export interface LiveView {
  /** Lines to draw, each no wider than the terminal. */
  readonly lines: () => string[];
  /** The same in a line, for logs. */
  readonly line: () => string;
}

/**
 * Shows a view of something that goes on while `body` does: lines that are drawn in place for someone who watches, else
 * one line now and then. `body` gets a function that prints a line above the view.
 */
export async function withLiveView<T>(
  view: LiveView,
  terminal: Terminal,
  body: (say: (line: string) => void) => Promise<T>,
): Promise<T> {
  if (!terminal.watched) return withLines(view, terminal, body);
  let drawn = 0;
  const clear = () => {
    moveCursor(process.stderr, 0, -drawn);
    clearScreenDown(process.stderr);
    drawn = 0;
  };
  const draw = () => {
    clear();
    const lines = view.lines();
    for (const line of lines) terminal.err(line);
    drawn = lines.length;
  };
  const timer = setInterval(draw, DRAW_EVERY);
  try {
    return await body((line) => {
      clear();
      terminal.err(line);
      draw();
    });
  } finally {
    clearInterval(timer);
    clear();
  }
}

async function withLines<T>(
  { line }: LiveView,
  terminal: Terminal,
  body: (say: (line: string) => void) => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => terminal.err(line()), LINE_EVERY);
  try {
    return await body((text) => terminal.err(text));
  } finally {
    clearInterval(timer);
  }
}
