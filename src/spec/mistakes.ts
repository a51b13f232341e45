import { didYouMean } from '../world/did-you-mean.ts';
import { UsageError } from '../world/usage-error.ts';
import type { DataPath } from './yaml-file.ts';

/** Gathers what is wrong with a spec, so that a user sees all of it at once. */
export class Mistakes {
  private readonly lines: string[] = [];
  private readonly locate: (path: DataPath) => string | undefined;

  /** `locate` tells where a setting stands; nothing for one that stands in no file. */
  constructor(locate: (path: DataPath) => string | undefined) {
    this.locate = locate;
  }

  get none(): boolean {
    return this.lines.length === 0;
  }

  /** Notes a mistake in what stands at `path`. */
  add(path: DataPath, message: string): void {
    const where = this.locate(path);
    this.lines.push(where === undefined ? message : `${where}: ${message}`);
  }

  /** What a name stands for; notes a name that stands for nothing. */
  named<T>(what: string, name: string, known: Readonly<Record<string, T>>, path: DataPath): T | undefined {
    if (Object.hasOwn(known, name)) return known[name];
    const names = Object.keys(known);
    const has = names.length === 0 ? 'there is none' : `choose from ${names.join(', ')}`;
    this.add(path, `no ${what} "${name}"${didYouMean(name, names)}; ${has}`);
    return undefined;
  }

  /** What `make` gives; notes the `UsageError` that it throws. */
  attempt<T>(path: DataPath, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.add(path, error.message);
      return undefined;
    }
  }

  /** Throws what was noted. */
  give(): never {
    throw new UsageError(this.lines.join('\n'));
  }
}
