import { serveQueue } from '../campaign/queue/serve.ts';
import { counted } from '../report/counts.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { poolForAny } from './pool-for.ts';
import type { Terminal } from './terminal.ts';
import type { WorkerFlags } from './worker-command.ts';

/** `momus worker`: takes chunks of campaigns from a queue until it is told to stop. Returns the exit code. */
export async function worker(flags: WorkerFlags, terminal: Terminal): Promise<number> {
  const pool = poolForAny(flags.threads);
  try {
    const serving = await serveQueue(flags.queue, pool);
    terminal.out(`worker on ${counted(pool.threads, 'core')} waits for campaigns; Ctrl-C ends it`);
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    await interruptible(
      async () => stop(),
      terminal,
      () => stopped,
    );
    await serving.stop();
    terminal.out(`performed ${counted(serving.chunks, 'chunk')} of runs`);
    return EXIT.valid;
  } finally {
    await pool.close();
  }
}
