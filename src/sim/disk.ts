import { type DiskPolicy, flipBit, HEALTHY_DISK, survivors, syncDuration, tornPart } from '../faults/disk.ts';
import type { UnsyncedFate } from '../faults/fault.ts';
import { type Disk, DiskError } from '../world/node-program.ts';
import type { RandomStream } from '../world/random.ts';
import { type Chance, streamOfChance } from './chance.ts';

/** One change of the cache that is not yet known to be on the platter. */
type Change =
  | { readonly do: 'append'; readonly file: string; readonly data: string }
  | { readonly do: 'write'; readonly file: string; readonly data: string }
  | { readonly do: 'rename'; readonly file: string; readonly to: string }
  | { readonly do: 'remove'; readonly file: string };

/** A sync under way. */
export interface Sync {
  readonly tag: string;
  /** True time at which it is done. */
  readonly done: number;
  /** It makes changes before this number last. */
  readonly upTo: number;
  readonly fails: boolean;
  /** Power losses before it began: a sync doesn't outlive one. */
  readonly era: number;
}

type Files = Map<string, string>;

/**
 * A node's disk: what programs see (the cache), what is safe (the platter), and the changes between them in order.
 * Strings share their text, so an append costs the same however long the file is.
 */
export class SimDisk {
  policy: DiskPolicy = HEALTHY_DISK;
  syncs = 0;
  private cache: Files = new Map();
  private platter: Files = new Map();
  private unsynced: Change[] = [];
  /** Changes that are on the platter or lost: the number of the first in `unsynced`. */
  private settled = 0;
  private lastSyncDone = 0;
  private era = 0;
  private readonly random: RandomStream;
  private readonly chance: Chance;

  /** `chance` is that of syncs, whose line is 0. */
  constructor(random: RandomStream, chance: Chance = streamOfChance(random)) {
    this.random = random;
    this.chance = chance;
  }

  read(file: string): string | null {
    return this.cache.get(file) ?? null;
  }

  list(): string[] {
    return [...this.cache.keys()].sort();
  }

  change(change: Change): void {
    if (change.do === 'append' || change.do === 'write') {
      if (this.policy.full) throw new DiskError('ENOSPC', `no space left for ${change.file}`);
      if (this.policy.eio > 0 && this.random.chance(this.policy.eio)) {
        throw new DiskError('EIO', `writing ${change.file} failed`);
      }
    } else if (!this.cache.has(change.file)) {
      throw new DiskError('ENOENT', `no file ${change.file}`);
    }
    perform(this.cache, change);
    this.unsynced.push(change);
  }

  /** Begins a sync; the caller lets `finishSync` follow at its time. */
  beginSync(tag: string, now: number): Sync {
    this.syncs++;
    const dice = this.chance.at(0, now);
    const fails = this.policy.eio > 0 && dice.float() < this.policy.eio;
    this.lastSyncDone = Math.max(this.lastSyncDone, now + syncDuration(this.policy, dice));
    return { tag, done: this.lastSyncDone, upTo: this.settled + this.unsynced.length, fails, era: this.era };
  }

  /** What the sync covers is safe now, unless it failed: then it stays as it was. False: the power went before. */
  finishSync(sync: Sync): boolean {
    if (sync.era !== this.era) return false;
    if (!sync.fails && sync.upTo > this.settled) {
      const count = sync.upTo - this.settled;
      for (let i = 0; i < count; i++) perform(this.platter, this.unsynced[i]!);
      this.unsynced = count === this.unsynced.length ? [] : this.unsynced.slice(count);
      this.settled = sync.upTo;
    }
    return true;
  }

  /** The power goes. Returns how many unsynced changes there were and how many of them survived. */
  losePower(fate: UnsyncedFate): { unsynced: number; kept: number; torn: boolean } {
    const unsynced = this.unsynced.length;
    const { whole, torn } = survivors(fate, unsynced, this.random);
    for (let i = 0; i < whole; i++) perform(this.platter, this.unsynced[i]!);
    const next = this.unsynced[whole];
    const tears = torn && next !== undefined && (next.do === 'append' || next.do === 'write');
    if (tears) perform(this.platter, { ...next, data: tornPart(next.data, this.random) });
    this.cache = new Map(this.platter);
    this.settled += unsynced;
    this.unsynced = [];
    this.lastSyncDone = 0;
    this.era++;
    return { unsynced, kept: whole, torn: tears };
  }

  /** Flips a bit of safe data in some file whose name contains `name`; null when there is none. */
  flipBit(name: string): { file: string; at: number } | null {
    const files = [...this.platter].filter(([file, text]) => file.includes(name) && text.length > 0);
    if (files.length === 0) return null;
    files.sort(([a], [b]) => (a < b ? -1 : 1));
    const [file, text] = this.random.pick(files);
    const at = this.random.int(text.length);
    const flipped = flipBit(text, at, this.random);
    this.platter.set(file, flipped);
    const cached = this.cache.get(file);
    if (cached?.startsWith(text)) this.cache.set(file, flipped + cached.slice(text.length));
    return { file, at };
  }
}

/** What a program sees of a disk: each call but `sync` is done at once. */
export function programDisk(disk: SimDisk, sync: (tag: string) => void): Disk {
  return {
    read: (file) => disk.read(file),
    list: () => disk.list(),
    append: (file, data) => disk.change({ do: 'append', file, data }),
    write: (file, data) => disk.change({ do: 'write', file, data }),
    rename: (from, to) => disk.change({ do: 'rename', file: from, to }),
    remove: (file) => disk.change({ do: 'remove', file }),
    sync,
  };
}

function perform(files: Files, change: Change): void {
  switch (change.do) {
    case 'append':
      files.set(change.file, (files.get(change.file) ?? '') + change.data);
      break;
    case 'write':
      files.set(change.file, change.data);
      break;
    case 'rename': {
      const text = files.get(change.file);
      if (text !== undefined) files.set(change.to, text);
      files.delete(change.file);
      break;
    }
    case 'remove':
      files.delete(change.file);
      break;
  }
}
