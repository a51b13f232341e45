import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { momus } from '../cli/momus.ts';
import { ROOT } from '../source-files.ts';
import { campaignOf } from './fake-executor.ts';

const docs = readFileSync(join(ROOT, 'docs/campaigns.md'), 'utf8');
const [campaign = '', compose = '', job = ''] = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text!,
);

/** What follows the name of the program in a command line. */
function argumentsIn(command: readonly string[]): readonly string[] {
  expect(command.slice(0, 2)).toEqual(['node', 'dist/src/cli/main.js']);
  return command.slice(2);
}

test('the campaign file of the docs is one', () => {
  expect(campaignOf(campaign).cells).toHaveLength(6);
});

test('the commands of the compose file and of the Kubernetes job are ones that Momus knows', async () => {
  const { services } = parse(compose);
  expect(Object.keys(services)).toEqual(['redis', 'worker', 'campaign']);
  const { containers } = parse(job).spec.template.spec;
  const commands = [
    services.worker.command.split(' '),
    services.campaign.command.split(' '),
    containers[0].command,
  ];
  for (const command of commands) {
    const [name, ...rest] = argumentsIn(command);
    const { code, out } = await momus(name!, '--help');
    expect(code).toBe(0);
    for (const flag of rest.filter((word) => word.startsWith('--'))) expect(out).toContain(`${flag} <`);
  }
});
