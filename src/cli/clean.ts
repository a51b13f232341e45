import { clean } from '../linux/doctor.ts';
import { counted } from '../report/counts.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** `momus doctor --clean`: takes away what dead runs have left. Returns 0 when nothing of them is left, else 1. */
export function cleanUp({ json }: { readonly json?: boolean }, { out, paint }: Terminal): number {
  const { cleaned, failures } = clean();
  if (json) out(JSON.stringify({ cleaned, failures }));
  else {
    if (cleaned.length > 0) out(`${counted(cleaned.length, 'dead run')} cleaned away`);
    for (const failure of failures) out(`${paint.red('✗')} ${failure}`);
    if (cleaned.length + failures.length === 0) out('no dead run has left anything behind');
  }
  return failures.length === 0 ? EXIT.valid : EXIT.invalid;
}
