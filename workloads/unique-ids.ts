import { stats } from '../checkers/stats.ts';
import { uniqueIds as distinct } from '../checkers/unique-ids.ts';
import { repeat } from '../src/generator/operations.ts';
import type { Workload } from './workload.ts';

/** Ids that no two clients get (Jepsen's and Maelstrom's `unique-ids`). `generate`: null → the id. */
export const uniqueIds: Workload = {
  name: 'unique-ids',
  about: 'asks for ids, of which no two may be the same',
  parameters: {},
  generator: () => repeat({ f: 'generate', value: null }),
  finale: () => ({ next: () => 'done' }),
  checkers: () => [distinct(), stats()],
};
