import type { History } from '../../histories/history.ts';
import { NEMESIS, OP_TYPES } from '../../histories/op.ts';
import { SECOND } from '../world/nanos.ts';
import { grouped } from './counts.ts';
import { cut, table } from './layout.ts';
import type { Style } from './style.ts';

/** Events that are shown before the histories part, and of each after that. */
const BEFORE = 3;
const AFTER = 3;

/** A few events before two histories part at `index`, and what follows in the one (-) and the other (+). */
export function parting(a: History, b: History, index: number, { paint, width }: Style): string {
  const rows = [
    ...eventRows(' ', a, Math.max(0, index - BEFORE), index),
    ...eventRows('-', a, index, index + AFTER),
    ...eventRows('+', b, index, index + AFTER),
  ];
  const colours = { ' ': paint.dim, '-': paint.red, '+': paint.green };
  const header = ['', 'event', 'time (s)', 'process', 'node', '', 'operation'];
  const [head, ...lines] = table([header, ...rows]).split('\n');
  return [
    paint.dim(head),
    ...lines.map((line, i) => colours[rows[i]![0] as ' ' | '-' | '+'](cut(line, width))),
  ].join('\n');
}

function eventRows(mark: string, history: History, from: number, to: number): string[][] {
  if (from >= history.length) return [[mark, '', '', '', '', '', 'has ended']];
  const rows: string[][] = [];
  for (let i = from; i < Math.min(to, history.length); i++) {
    const process = history.process[i]!;
    const what = [history.fName(i), history.key(i), JSON.stringify(history.value(i)), history.error(i)];
    rows.push([
      mark,
      grouped(i),
      (history.time[i]! / SECOND).toFixed(9),
      process === NEMESIS ? 'nemesis' : String(process),
      history.node(i) ?? '',
      OP_TYPES[history.type[i]!]!,
      what.filter((part) => part !== undefined).join(' '),
    ]);
  }
  return rows;
}
