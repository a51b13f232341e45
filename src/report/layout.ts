import { stripVTControlCharacters } from 'node:util';

/** How many columns a text takes, colours left out. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Text broken at spaces into lines of at most `width` columns, each indented; a word that is longer stands alone. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
}

/** Rows with their columns aligned to the left, two spaces apart. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell + ' '.repeat(widths[i]! - widthOf(cell))).join('  ');
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join('\n');
}

/** Text cut to `width` columns; it must hold no colours. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}
