import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { together } from '../../checkers/compose.ts';
import { HISTORY_FORMATS } from '../../histories/format.ts';
import { counted } from '../report/counts.ts';
import { judgement } from '../report/judgement.ts';
import type { CheckFlags } from './check-command.ts';
import { choose } from './choose.ts';
import { choice } from './chosen-checkers.ts';
import { EXIT, exitCode } from './exit-codes.ts';
import { judgeFile } from './judge-file.ts';
import type { Terminal } from './terminal.ts';
import { readCount } from './test-input.ts';

/** `momus check`: judges a history file. Returns the exit code of the verdict. */
export async function check(file: string, flags: CheckFlags, terminal: Terminal): Promise<number> {
  const format = flags.format === undefined ? undefined : choose(flags.format, HISTORY_FORMATS, '--format');
  const steps = flags.steps === undefined ? DEFAULT_BUDGET.steps : readCount(flags.steps, '--steps');
  // Flags that can't be are refused before a large file is read.
  choice(flags);
  const judged = await judgeFile({ file, format, flags, budget: { ...DEFAULT_BUDGET, steps } });
  if (judged.state === 'unread') {
    if (flags.json)
      terminal.out(JSON.stringify({ file, valid: 'unknown', verdicts: [], reason: judged.reason }));
    else terminal.err(terminal.paintErr.yellow(`? unknown: ${judged.reason}`));
    return EXIT.unknown;
  }
  const { events, warnings, takenFor, verdicts, proofs } = judged;
  for (const warning of warnings) terminal.err(terminal.paintErr.yellow(warning));
  const valid = together(verdicts.map((verdict) => verdict.valid));
  if (flags.json) {
    terminal.out(JSON.stringify({ file, valid, verdicts }));
    return exitCode(valid);
  }
  const taken = takenFor === undefined ? '' : `, taken for ${takenFor}`;
  terminal.out(terminal.paint.dim(`${file}: ${counted(events, 'event')}${taken}\n`));
  terminal.out(judgement({ valid, verdicts }, proofs, terminal));
  return exitCode(valid);
}
