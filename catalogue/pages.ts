import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Chalk } from 'chalk';
import { registry } from '../src/campaign/registry.ts';
import { explanationPage } from '../src/report/explain/markdown.ts';
import { explainSystem } from '../src/report/explain/system.ts';
import { LECTURES, type System, worldsOf } from '../src/world/system.ts';
import { bugRun, type ExampleRun, rightRun } from './example-runs.ts';
import { broadcastLadder, objectLattice, transactionLattice } from './lattices.ts';
import { workloadsPage } from './workloads-page.ts';

/** `npm run pages [-- SYSTEM ...]`: writes the pages of these systems, or all, the list of them, of the workloads, and the lattices. */

const FOLDER = 'docs/systems';
const PICTURES = `${FOLDER}/pictures`;
const STYLE = { paint: new Chalk({ level: 0 }), width: 100 };

const { positionals } = parseArgs({ allowPositionals: true });
const systems = Object.values(registry.systems).filter((system) => worldsOf(system).includes('sim'));
if (positionals.length === 0) rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(PICTURES, { recursive: true });
mkdirSync('docs/pictures', { recursive: true });

for (const system of systems) {
  if (positionals.length > 0 && !positionals.includes(system.name)) continue;
  writeFileSync(`${FOLDER}/${system.name}.md`, await pageOf(system));
  console.log(`${FOLDER}/${system.name}.md`);
}
writeFileSync(`${FOLDER}/README.md`, listOfSystems());
writeFileSync('docs/workloads.md', workloadsPage());
for (const [name, lattice] of Object.entries({ objectLattice, transactionLattice, broadcastLadder }))
  writeFileSync(`docs/pictures/${kebab(name)}.svg`, await lattice());

/** What a system is, then a right run of it, then one with its first bug. */
async function pageOf(system: System): Promise<string> {
  const [bug] = Object.keys(system.bugs);
  const right = await rightRun(system, STYLE);
  const wrong = bug === undefined ? undefined : await bugRun(system, bug, STYLE);
  return [
    explanationPage(explainSystem(system)),
    runSection('A right run', `${system.name}-right`, right),
    ...(wrong === undefined ? [] : [runSection(`A run with ${bug}`, `${system.name}-${bug}`, wrong)]),
  ].join('\n');
}

function runSection(heading: string, name: string, { command, text, picture }: ExampleRun): string {
  writeFileSync(`${PICTURES}/${name}.svg`, picture);
  const printed = [`$ ${command}`, ...text.split('\n')].map((line) => `    ${line}`.trimEnd()).join('\n');
  return `## ${heading}\n\n![${heading}](pictures/${name}.svg)\n\n${printed}\n`;
}

function listOfSystems(): string {
  const parts = LECTURES.flatMap((lecture) => {
    const own = systems.filter((system) => system.lecture === lecture);
    if (own.length === 0) return [];
    const rows = own.map(
      ({ name, about, bugs }) => `| [${name}](${name}.md) | ${about} | ${Object.keys(bugs).join(', ')} |`,
    );
    return [
      `## ${lecture[0]!.toUpperCase()}${lecture.slice(1)}\n\n| system | what it is | bugs |\n|---|---|---|\n${rows.join('\n')}`,
    ];
  });
  return `# The systems, by lecture\n\nMade by \`npm run pages\` from the systems' own data.\n\n${parts.join('\n\n')}\n`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
