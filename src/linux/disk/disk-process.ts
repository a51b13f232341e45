// The process of one node's disk. It lives as long as its controller: when that ends, however it ends, the disk is
// unmounted and the process ends too.
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '../../world/random.ts';
import type { DiskCommand, DiskSetup, DiskTrouble, FromDisk, ToDisk } from './messages.ts';
import type { Service } from './requests.ts';
import { Session } from './session.ts';
import { VolatileDisk } from './volatile-disk.ts';

const setup: DiskSetup = JSON.parse(process.argv[2]!);
const objects = join(setup.backing, 'objects');
let trouble: DiskTrouble = { eio: 0, full: false, slow: 0 };
let session: Session | null = null;

// Signals that are meant for the controller's whole group come here too; its end is what counts.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.once('disconnect', () => void end());

try {
  rmSync(objects, { recursive: true, force: true });
  await mkdir(objects, { recursive: true });
  const disk = new VolatileDisk(objects, randomOf(setup.seed));
  const mount = () => {
    const service: Service = { disk, backing: setup.backing, listings: new Map(), nextHandle: 1 };
    const { mountPoint, source } = setup;
    return Session.mount({ service, mountPoint, source, slow: () => trouble.slow });
  };
  session = await mount();
  process.on('message', (message: ToDisk) => {
    perform(disk, mount, message).then(
      (answer) => tell({ id: message.id, answer }),
      (error: Error) => tell({ id: message.id, error: error.message }),
    );
  });
  tell({ ready: true });
} catch (error) {
  tell({ failed: (error as Error).message });
  process.disconnect();
}

async function perform(disk: VolatileDisk, mount: () => Promise<Session>, command: DiskCommand) {
  switch (command.do) {
    case 'change':
      trouble = { ...trouble, ...command.trouble };
      disk.faults = trouble;
      return null;
    case 'lose-power': {
      await session?.abort();
      session = null;
      const loss = disk.losePower(command.fate);
      session = await mount();
      return loss;
    }
    case 'flip-bit': {
      const flipped = disk.flipBit(command.file);
      if (flipped === null) return null;
      session?.invalidate(flipped.inode.id);
      return { file: flipped.file, at: flipped.at };
    }
    case 'unmount':
      await end();
      return null;
  }
}

async function end(): Promise<void> {
  const last = session;
  session = null;
  await last?.abort();
  rmSync(objects, { recursive: true, force: true });
  if (process.connected) process.disconnect();
}

function tell(message: FromDisk): void {
  if (process.connected) process.send!(message);
}
