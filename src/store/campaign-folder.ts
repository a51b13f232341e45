import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../world/usage-error.ts';
import { writeAtomically } from './atomic-write.ts';
import { isAlive } from './is-alive.ts';
import { makeFolders } from './make-folders.ts';
import { storing } from './store-error.ts';

const CAMPAIGN_FILE = 'campaign.json';
const RUNS_FILE = 'runs.jsonl';
const LOCK_FILE = 'lock';

/** Read so much of the index at a time. */
const BLOCK = 1 << 20;

/** `campaign.json`: what is under way, or was. */
export interface CampaignRecord {
  readonly name: string;
  /** The build of Momus that performs it; another might find something else. */
  readonly build: string;
  /** Whether it came to its end; if not, it goes on where it stopped. */
  readonly ended: boolean;
  /** Its tests by the ids that the index uses, each as in a spec file. */
  readonly cells: Readonly<Record<string, unknown>>;
}

/**
 * A campaign on disk: `campaign.json`, and a line for each run in `runs.jsonl`. One process at a time may have it open.
 * Every method may throw a `UsageError`.
 */
export class CampaignFolder {
  readonly path: string;
  private readonly store: string;

  constructor(store: string, name: string) {
    this.store = store;
    this.path = join(store, 'campaigns', name);
  }

  /** Takes the folder for this process; throws a `UsageError` when another has it. */
  open(): void {
    storing(this.store, () => {
      makeFolders(this.path);
      take(join(this.path, LOCK_FILE));
    });
  }

  close(): void {
    rmSync(join(this.path, LOCK_FILE), { force: true });
  }

  /** What is under way there, or was; undefined if nothing ever was. */
  record(): CampaignRecord | undefined {
    const file = join(this.path, CAMPAIGN_FILE);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CampaignRecord) : undefined;
  }

  /** Says what is under way from now on. */
  write(record: CampaignRecord): void {
    storing(this.store, () =>
      writeAtomically(join(this.path, CAMPAIGN_FILE), `${JSON.stringify(record, null, 2)}\n`),
    );
  }

  /** Forgets all runs. */
  clear(): void {
    storing(this.store, () => rmSync(join(this.path, RUNS_FILE), { force: true }));
  }

  /** Adds lines, all at once. */
  append(lines: readonly unknown[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    storing(this.store, () => appendFileSync(join(this.path, RUNS_FILE), text));
  }

  /** Gives every line to `take`; one that was torn by the end of its writer is cut off. */
  read(take: (line: unknown) => void): void {
    const file = join(this.path, RUNS_FILE);
    if (!existsSync(file)) return;
    const whole = storing(this.store, () => eachLine(file, (text) => take(JSON.parse(text))));
    storing(this.store, () => truncateSync(file, whole));
  }
}

/** Writes this process's number into a file that must not be there, unless from a process that no longer lives. */
function take(lock: string): void {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner))
      throw new UsageError(
        `process ${owner} is running this campaign; wait for it, or give this one another name (${lock})`,
      );
    rmSync(lock, { force: true });
  }
}

/** Calls `take` for every whole line of a file, a block of which is in memory at a time; returns where the last one ends. */
function eachLine(file: string, take: (line: string) => void): number {
  const block = Buffer.alloc(BLOCK);
  const handle = openSync(file, 'r');
  let rest = Buffer.alloc(0);
  let end = 0;
  try {
    for (;;) {
      const read = readSync(handle, block, 0, BLOCK, null);
      if (read === 0) return end;
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      let from = 0;
      for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
        take(bytes.toString('utf8', from, to));
        end += to + 1 - from;
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(handle);
  }
}
