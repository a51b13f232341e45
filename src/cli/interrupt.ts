import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/**
 * Does something that Ctrl-C or SIGTERM ends early: the first calls `stop` and lets `body` finish what it then has, the
 * second ends the process at once.
 */
export async function interruptible<T>(
  stop: () => Promise<void>,
  terminal: Terminal,
  body: () => Promise<T>,
): Promise<{ readonly result: T; readonly interrupted: boolean }> {
  let interrupted = false;
  const onSignal = () => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    terminal.err('stopping; what is written stays (once more to end at once)');
    void stop();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const result = await body();
    return { result, interrupted };
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
