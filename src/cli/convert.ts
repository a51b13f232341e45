import { existsSync } from 'node:fs';
import { formatByName, HISTORY_FORMATS } from '../../histories/format.ts';
import { readHistory } from '../../histories/read.ts';
import { writeHistory } from '../../histories/write.ts';
import { counted } from '../report/counts.ts';
import { UsageError } from '../world/usage-error.ts';
import { choose } from './choose.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** `momus convert`: reads a history of any format and writes it as JSON Lines or EDN. Returns the exit code. */
export async function convert(
  from: string,
  to: string,
  flags: { readonly format?: string; readonly force?: boolean },
  terminal: Terminal,
): Promise<number> {
  const format = flags.format === undefined ? undefined : choose(flags.format, HISTORY_FORMATS, '--format');
  if (formatByName(to) === undefined)
    throw new UsageError(`${to}: the name does not say in which format to write; end it in .jsonl or .edn`);
  if (existsSync(to) && flags.force !== true)
    throw new UsageError(`${to}: exists already; --force replaces it`);
  const { history, warnings } = await readHistory(from, { format });
  for (const { message } of warnings) terminal.err(terminal.paintErr.yellow(message));
  writeHistory(to, history);
  terminal.out(`${counted(history.length, 'event')} written to ${to}`);
  return EXIT.valid;
}
