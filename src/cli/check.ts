import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { runCheckers, together } from '../../checkers/compose.ts';
import { vacuity } from '../../checkers/vacuity.ts';
import { HISTORY_FORMATS } from '../../histories/format.ts';
import { HistoryTooLarge } from '../../histories/history-file-error.ts';
import { readHistory } from '../../histories/read.ts';
import { counted } from '../report/counts.ts';
import { judgement } from '../report/judgement.ts';
import { proofsOf } from '../report/proof.ts';
import type { CheckFlags } from './check-command.ts';
import { choose } from './choose.ts';
import { choice } from './chosen-checkers.ts';
import { EXIT, exitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { readCount } from './test-input.ts';

/** `momus check`: judges a history file. Returns the exit code of the verdict. */
export async function check(file: string, flags: CheckFlags, terminal: Terminal): Promise<number> {
  const format = flags.format === undefined ? undefined : choose(flags.format, HISTORY_FORMATS, '--format');
  const chosenFor = choice(flags);
  const steps = flags.steps === undefined ? DEFAULT_BUDGET.steps : readCount(flags.steps, '--steps');
  const read = await readHistory(file, { format }).catch(tooLarge);
  if (read instanceof HistoryTooLarge) {
    terminal.err(terminal.paintErr.yellow(`? unknown: ${read.message}`));
    return EXIT.unknown;
  }
  const { history, warnings } = read;
  const { paint } = terminal;
  for (const { message } of warnings) terminal.err(terminal.paintErr.yellow(message));
  const { checkers, takenFor } = chosenFor(history, file);
  const verdicts = runCheckers([...checkers, vacuity()], history, { budget: { ...DEFAULT_BUDGET, steps } });
  const valid = together(verdicts.map((verdict) => verdict.valid));
  if (flags.json) {
    terminal.out(JSON.stringify({ file, valid, verdicts }));
    return exitCode(valid);
  }
  const taken = takenFor === undefined ? '' : `, taken for ${takenFor}`;
  terminal.out(paint.dim(`${file}: ${counted(history.length, 'event')}${taken}\n`));
  terminal.out(judgement({ valid, verdicts }, proofsOf(verdicts, history), terminal));
  return exitCode(valid);
}

function tooLarge(error: unknown): HistoryTooLarge {
  if (error instanceof HistoryTooLarge) return error;
  throw error;
}
