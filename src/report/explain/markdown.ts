import { wrap } from '../layout.ts';
import type { Block, Explanation, Section } from './explanation.ts';

const WIDTH = 120;

/** An explanation as a page of the docs. */
export function explanationPage({ name, about, sections }: Explanation): string {
  const head = `# ${name}\n\n${wrap(`${about[0]!.toUpperCase()}${about.slice(1)}.`, WIDTH)}`;
  return `${[head, ...sections.map(sectionText)].join('\n\n')}\n`;
}

function sectionText({ heading, blocks }: Section): string {
  const text = blocks.map(blockText).join('\n\n');
  return heading === undefined ? text : `## ${heading}\n\n${text}`;
}

function blockText(block: Block): string {
  if ('text' in block) return wrap(block.text, WIDTH);
  if ('items' in block) return block.items.map((item) => listItem(item)).join('\n');
  if ('terms' in block)
    return block.terms.map(([term, meaning]) => listItem(`\`${term}\`: ${meaning}`)).join('\n');
  const column = Math.max(...block.commands.map(([command]) => command.length)) + 2;
  return block.commands.map(([command, does]) => `    ${command.padEnd(column)}# ${does}`).join('\n');
}

function listItem(text: string): string {
  return wrap(`- ${text}`, WIDTH - 2).replaceAll('\n', '\n  ');
}
