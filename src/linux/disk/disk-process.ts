// The process of one node's disk. It lives as long as its controller: when that ends, however it ends, the disk is
// unmounted and the process ends too.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskCommand, DiskSetup, DiskTrouble, FromDisk, ToDisk } from './messages.ts';
import { Session } from './session.ts';

const { backing, mountPoint, source, seed }: DiskSetup = JSON.parse(process.argv[2]!);
/** How long it may take to end, ms. */
const LAST_WAIT = 5_000;

const objects = join(backing, 'objects');
let trouble: DiskTrouble = { eio: 0, full: false, slow: 0 };
let ending: Promise<void> | null = null;
/** Commands are performed one after another. */
let last: Promise<unknown> = Promise.resolve();

// Signals that are meant for the controller's whole group come here too; its end is what counts.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

rmSync(objects, { recursive: true, force: true });
mkdirSync(objects, { recursive: true });
const session = new Session(mountPoint, source, { backing, objects, seed });
const mounted = session.mount();
process.once('disconnect', () => {
  // A mount that is only half made can't be ended.
  void Promise.allSettled([mounted, last]).then(end);
  // Whatever hangs then: an exit would wait for the thread that waits for the kernel.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WAIT).unref();
});
session.failed.catch((error: Error) => {
  console.error(`the disk ${mountPoint} fails:`, error);
  // With the process ends the connection to the kernel, so nobody waits for an answer for ever.
  process.exit(70);
});

try {
  await mounted;
  process.on('message', (message: ToDisk) => {
    last = last
      .then(() => perform(message))
      .then(
        (answer) => tell({ id: message.id, answer }),
        (error: Error) => tell({ id: message.id, error: error.message }),
      );
  });
  tell({ ready: true });
} catch (error) {
  tell({ failed: (error as Error).message });
  await end();
}

async function perform(command: DiskCommand) {
  switch (command.do) {
    case 'change':
      trouble = { ...trouble, ...command.trouble };
      await session.change(trouble);
      return null;
    case 'lose-power':
      return await session.losePower(command.fate);
    case 'flip-bit':
      return await session.flipBit(command.file);
    case 'unmount':
      await end();
      return null;
  }
}

function end(): Promise<void> {
  ending ??= (async () => {
    await session.abort();
    await session.close();
    rmSync(objects, { recursive: true, force: true });
    // The answer to the last command goes out first.
    setImmediate(() => {
      if (process.connected) process.disconnect();
    });
  })();
  return ending;
}

function tell(message: FromDisk): void {
  if (process.connected) process.send!(message);
}
