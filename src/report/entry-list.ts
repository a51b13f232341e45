import { wrap } from './layout.ts';
import type { Style } from './style.ts';

/** Something with a name that can be listed. */
export interface Entry {
  readonly name: string;
  readonly about: string;
  readonly details: readonly string[];
  /** The heading that it stands under; entries of one group follow each other. */
  readonly group?: string;
}

/** Each entry: its name, beside it what it is, below that the details. */
export function entryList(entries: readonly Entry[], { paint, width }: Style): string {
  const column = Math.max(...entries.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(column);
  return entries
    .map(({ name, about, details, group }, i) => {
      const beside = wrap(about, width, indent).slice(column);
      const first = group !== undefined && group !== entries[i - 1]?.group;
      const lines = first ? [`${i === 0 ? '' : '\n'}${paint.underline(group)}`] : [];
      lines.push(`${paint.bold(name)}${' '.repeat(column - name.length)}${beside}`);
      for (const detail of details) lines.push(paint.dim(hanging(detail, width, indent)));
      return lines.join('\n');
    })
    .join('\n');
}

/** Wraps a detail with what goes on indented below its beginning. */
function hanging(text: string, width: number, indent: string): string {
  const [first, ...rest] = wrap(text, width - 2, indent).split('\n');
  return [first, ...rest.map((line) => `  ${line}`)].join('\n');
}
