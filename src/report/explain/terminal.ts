import { table, widthOf, wrap } from '../layout.ts';
import type { Style } from '../style.ts';
import type { Block, Explanation, Section } from './explanation.ts';

/** Columns that the terms of a list may take before what they mean begins. */
const WIDEST_TERM = 30;

/** An explanation as text; `momus` is how this user calls the program. */
export function explanationText(explanation: Explanation, style: Style, momus: string): string {
  const { name, kind, about, sections } = explanation;
  const head = `${style.paint.bold(name)} ${style.paint.dim(`(${kind})`)}\n${wrap(about, style.width)}`;
  return [head, ...sections.map((section) => sectionText(section, style, momus))].join('\n\n');
}

function sectionText({ heading, blocks }: Section, style: Style, momus: string): string {
  const text = blocks
    .map((block) => blockText(block, style, momus))
    .join('text' in blocks[0]! ? '\n\n' : '\n');
  return heading === undefined ? text : `${style.paint.bold(heading)}\n${text}`;
}

function blockText(block: Block, style: Style, momus: string): string {
  if ('text' in block) return wrap(block.text, style.width, '  ');
  if ('items' in block) return block.items.map((item) => wrap(item, style.width, '  ')).join('\n');
  if ('terms' in block) return termList(block.terms, style);
  const rows = block.commands.map(([command, does]) => [
    command.replace(/^momus/, momus),
    style.paint.dim(does),
  ]);
  const beside = table(rows, '  ');
  const fits = beside.split('\n').every((line) => widthOf(line) <= style.width);
  const above = ([command, does]: readonly string[]) => `${wrap(does!, style.width, '  ')}\n    ${command}`;
  return fits ? beside : rows.map(above).join('\n');
}

/** Terms beside what they mean, or above it where they are long. */
function termList(terms: readonly (readonly [string, string])[], { paint, width }: Style): string {
  const column = Math.min(WIDEST_TERM, Math.max(...terms.map(([term]) => term.length))) + 4;
  const indent = ' '.repeat(column);
  return terms
    .map(([term, meaning]) => {
      const body = wrap(meaning, width, indent);
      const above = term.length + 4 > column;
      const padding = ' '.repeat(Math.max(0, column - 2 - term.length));
      return above
        ? `  ${paint.cyan(term)}\n${body}`
        : `  ${paint.cyan(term)}${padding}${body.slice(column)}`;
    })
    .join('\n');
}
