import type { Command } from 'commander';
import { choose } from './choose.ts';
import { EXIT } from './exit-codes.ts';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

const FILES = ['spec', 'campaign'] as const;

const EXAMPLE = `
Editors that know YAML check and complete a file that begins with a line like
  # yaml-language-server: $schema=campaign.schema.json
once this has been done: momus schema campaign > campaign.schema.json`;

/** Adds `momus schema`. */
export function schemaCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('schema')
    .description('Print the JSON Schema of a kind of file, for editors')
    .argument('<file>', FILES.join(' or '))
    .addHelpText('after', EXAMPLE)
    .action(async (file: string) => {
      const kind = choose(file, FILES, 'schema');
      const [{ jsonSchema }, { registry }] = await Promise.all([
        import('../spec/json-schema.ts'),
        import('../campaign/registry.ts'),
      ]);
      terminal.out(JSON.stringify(jsonSchema(kind, registry), null, 2));
      finish(EXIT.valid);
    });
}
