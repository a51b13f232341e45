import { CATALOGUE } from '../../checkers/catalogue.ts';
import { type Checker, DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { runCheckers, together } from '../../checkers/compose.ts';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { MODEL_NAMES } from '../../checkers/linearizable/models/named.ts';
import { vacuity } from '../../checkers/vacuity.ts';
import { HISTORY_FORMATS } from '../../histories/format.ts';
import type { History } from '../../histories/history.ts';
import { NEMESIS } from '../../histories/op.ts';
import { readHistory } from '../../histories/read.ts';
import { counted } from '../report/counts.ts';
import { judgement } from '../report/judgement.ts';
import { proofsOf } from '../report/proof.ts';
import { UsageError } from '../world/usage-error.ts';
import type { CheckFlags } from './check-command.ts';
import { choose } from './choose.ts';
import { exitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { readCount } from './test-input.ts';

/** `momus check`: judges a history file. Returns the exit code of the verdict. */
export async function check(file: string, flags: CheckFlags, terminal: Terminal): Promise<number> {
  const format = flags.format === undefined ? undefined : choose(flags.format, HISTORY_FORMATS, '--format');
  const asked = askedFor(flags);
  const steps = flags.steps === undefined ? DEFAULT_BUDGET.steps : readCount(flags.steps, '--steps');
  const { history, warnings } = await readHistory(file, { format });
  const { paint } = terminal;
  for (const { message } of warnings) terminal.err(terminal.paintErr.yellow(message));
  const checkers = [asked ?? inferred(history, file), vacuity()];
  const verdicts = runCheckers(checkers, history, { budget: { ...DEFAULT_BUDGET, steps } });
  const valid = together(verdicts.map((verdict) => verdict.valid));
  if (flags.json) {
    terminal.out(JSON.stringify({ file, valid, verdicts }));
    return exitCode(valid);
  }
  terminal.out(paint.dim(`${file}: ${counted(history.length, 'event')}\n`));
  terminal.out(judgement({ valid, verdicts }, proofsOf(verdicts, history), terminal));
  return exitCode(valid);
}

/** The checker that the flags name, if they name one. */
function askedFor({ checker, model, initial }: CheckFlags): Checker | undefined {
  if (checker !== undefined && model !== undefined)
    throw new UsageError('--checker and --model: give one of them; --model means linearizability of a model');
  const first = initial === undefined ? {} : { initial: readJson(initial) };
  if (model !== undefined) return linearizable({ model: choose(model, MODEL_NAMES, '--model'), ...first });
  if (initial !== undefined) throw new UsageError('--initial: needs --model, whose first value it is');
  if (checker === undefined) return undefined;
  return CATALOGUE[choose(checker, Object.keys(CATALOGUE), '--checker')]!.create();
}

/** The checker that fits the functions of the clients. */
function inferred(history: History, file: string): Checker {
  const functions = new Set<string>();
  const microOperations = new Set<unknown>();
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] === NEMESIS) continue;
    functions.add(history.fName(i));
    for (const micro of microOperationsOf(history.value(i))) microOperations.add(micro[0]);
  }
  const only = (...names: string[]) => [...functions].every((f) => names.includes(f));
  if (functions.size === 0) throw new UsageError(`${file}: no client did anything in this history`);
  if (only('read', 'write', 'cas')) return linearizable();
  if (only('add', 'read')) return CATALOGUE['set-full']!.create();
  if (only('txn') && microOperations.has('append')) return CATALOGUE['list-append']!.create();
  if (only('txn')) return CATALOGUE['rw-register']!.create();
  throw new UsageError(
    `${file}: say what to judge it by with --checker or --model; its functions are ${[...functions].join(', ')}`,
  );
}

function microOperationsOf(value: unknown): (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((micro) => Array.isArray(micro)) : [];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--initial: "${text}" is no JSON; write 0, null, "text" ...`, { cause });
  }
}
