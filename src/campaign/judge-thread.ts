import { parentPort, workerData } from 'node:worker_threads';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { runChecker } from '../../checkers/compose.ts';
import { History } from '../../histories/history.ts';
import { resolveSpec } from '../spec/resolve.ts';
import type { JudgeTask } from './judge-apart.ts';
import { registryWith } from './load-system.ts';
import { checkersOf } from './run-spec.ts';

// Judges a run in a thread of its own, so that it can run out of memory without ending the one that performed it.

const { spec, columns, from } = workerData as JudgeTask;
const history = new History(columns);
const checkers = checkersOf(resolveSpec(spec, await registryWith(spec.system)));
for (const checker of checkers.slice(from))
  parentPort!.postMessage(runChecker(checker, history, { budget: DEFAULT_BUDGET }));
