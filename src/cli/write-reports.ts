import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { annotations, stepSummary } from '../report/github.ts';
import { junit } from '../report/junit.ts';
import { sarif } from '../report/sarif.ts';
import type { Suite } from '../report/suite-case.ts';
import { VERSION } from '../version.ts';
import { UsageError } from '../world/usage-error.ts';
import type { Terminal } from './terminal.ts';

/** Files that were asked for. */
export interface ReportFlags {
  readonly junit?: string;
  readonly sarif?: string;
}

/** Writes what other tools read: the files that were asked for and, within a GitHub workflow, annotations and a summary. */
export function writeReports(suite: Suite, flags: ReportFlags, terminal: Terminal): void {
  if (process.env.GITHUB_ACTIONS === 'true') for (const line of annotations(suite)) terminal.out(line);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) writing('GITHUB_STEP_SUMMARY', summary, () => appendFileSync(summary, stepSummary(suite)));
  if (flags.junit !== undefined) write('--junit', flags.junit, junit(suite));
  if (flags.sarif !== undefined) write('--sarif', flags.sarif, sarif(suite, VERSION));
}

function write(flag: string, file: string, text: string): void {
  writing(flag, file, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
}

function writing(flag: string, file: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw new UsageError(`${flag}: can't write ${file}: ${(cause as Error).message}`, { cause });
  }
}
