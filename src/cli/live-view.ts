import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { widthOf } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { Terminal } from './terminal.ts';

/** How often the view is drawn anew, and how often a line is printed where nobody watches (ms). */
const DRAW_EVERY = 250;
const LINE_EVERY = 10_000;

export interface LiveView {
  /** Lines to draw, none wider than it is told. */
  readonly lines: (style: Style) => string[];
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
  const { stderr } = process;
  const columns = () => stderr.columns ?? 80;
  let drawn: readonly string[] = [];
  const clear = () => {
    // In a window that has become narrower since, a line may take several rows.
    const height = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
    moveCursor(stderr, 0, -height);
    // A Ctrl-C leaves its ^C where the cursor was.
    cursorTo(stderr, 0);
    clearScreenDown(stderr);
    drawn = [];
  };
  const draw = (above = '') => {
    // In one go, so that nobody sees half of it.
    stderr.cork();
    clear();
    if (above !== '') terminal.err(above);
    const lines = view.lines({ paint: terminal.paintErr, width: columns() });
    drawn = lines.slice(0, (stderr.rows ?? 24) - 1);
    terminal.err(drawn.join('\n'));
    stderr.uncork();
  };
  const timer = setInterval(() => draw(), DRAW_EVERY);
  try {
    return await body(draw);
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
