import type { Generator } from './generator.ts';

/** Gives `message` to `write` when its turn comes, and no operation. */
export function log(message: string, write: (message: string) => void): Generator {
  let written = false;
  return {
    next() {
      if (!written) write(message);
      written = true;
      return 'done';
    },
  };
}
