import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatSpec } from '../spec/format.ts';
import { openRun } from '../store/recorded-run.ts';
import { Store } from '../store/store.ts';
import { storing } from '../store/store-error.ts';
import { EXIT } from './exit-codes.ts';
import { isFile, openSaved } from './open-spec.ts';
import type { SaveFlags } from './save-command.ts';
import type { Terminal } from './terminal.ts';

/** `momus save`: writes all that a run was made of into a folder of regressions. Returns the exit code. */
export async function save(run: string, dir: string, flags: SaveFlags, terminal: Terminal): Promise<number> {
  const recorded = isFile(run) ? undefined : openRun(new Store(flags.store).find(run));
  const { resolved, anomalies } = await openSaved(recorded?.specFile ?? run);
  const text = formatSpec(resolved.spec, recorded?.anomalies ?? anomalies);
  const name = isFile(run) ? basename(run).replace(/\.ya?ml$/, '') : basename(run);
  const { file, isNew } = storing(dir, () => {
    mkdirSync(dir, { recursive: true });
    return write(dir, name, text);
  });
  terminal.out(isNew ? `saved in ${file}` : `already saved in ${file}`);
  return EXIT.valid;
}

/** Writes to the first of `name.yaml`, `name-2.yaml` ... that isn't another test's. */
function write(dir: string, name: string, text: string): { readonly file: string; readonly isNew: boolean } {
  for (let n = 1; ; n++) {
    const file = join(dir, `${n === 1 ? name : `${name}-${n}`}.yaml`);
    if (!existsSync(file)) {
      writeFileSync(file, text);
      return { file, isNew: true };
    }
    if (readFileSync(file, 'utf8') === text) return { file, isNew: false };
  }
}
