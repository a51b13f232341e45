import { isLater, NEVER, type Timestamp } from './timestamp.ts';

/** A value and when it was written. */
export interface Version {
  readonly ts: Timestamp;
  readonly value: unknown;
}

export interface KeyedVersion extends Version {
  readonly key: string;
}

/** What a replica has of each key, by its timestamp. */
export type Stamps = Readonly<Record<string, Timestamp>>;

/** Of a key that was never written. */
export const NO_VERSION: Version = { ts: NEVER, value: null };

/** A replica's registers: of each key the latest version that it has met. */
export class Versions {
  private readonly byKey = new Map<string, KeyedVersion>();

  get(key: string): Version {
    return this.byKey.get(key) ?? NO_VERSION;
  }

  /** Keeps a version if it is later than the present one, and tells whether it did. */
  keep(version: KeyedVersion): boolean {
    if (!isLater(version.ts, this.get(version.key).ts)) return false;
    this.byKey.set(version.key, version);
    return true;
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }

  all(): KeyedVersion[] {
    return [...this.byKey.values()];
  }

  stamps(): Stamps {
    return Object.fromEntries(this.all().map(({ key, ts }) => [key, ts]));
  }

  /** What somebody who has these stamps lacks. */
  laterThan(stamps: Stamps): KeyedVersion[] {
    return this.all().filter(({ key, ts }) => isLater(ts, stamps[key] ?? NEVER));
  }
}
