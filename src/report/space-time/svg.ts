import type { Endpoint, Travel } from '../../world/travel.ts';
import { cut } from '../layout.ts';
import { answerOf, askedOf } from '../proof-table.ts';
import type { Scene, SceneFault } from './scene.ts';
import { type TimeAxis, timeAxis } from './time-axis.ts';

const WIDTH = 1100;
const LEFT = 90;
const RIGHT = WIDTH - 30;
const LANE = 46;
const FAULT_ROW = 16;
const MOST_FAULT_ROWS = 5;
/** With more messages than these their names would cover each other. */
const MOST_LABELS = 30;

const INK = '#1b1f24';
const FAINT = '#8b949e';
const MESSAGE = '#5b7fb5';
const REQUEST = '#3a8f5c';
const LOST = '#cf222e';
const OPERATION = '#ddf4e4';
const DOWN: Readonly<Record<string, string>> = {
  'process/kill': '#ffd8d3',
  'disk/lose-unsynced': '#ffd8d3',
  'process/pause': '#e6e8eb',
};

/**
 * A space-time diagram (Lamport 1978, figure 1), time from left to right: a line for each client and node, a bar for
 * each operation, an arrow for each message, and above them the faults. Quiet time is drawn shorter than it was.
 */
export function spaceTimeSvg(scene: Scene, title: string): string {
  const overhead = scene.faults.filter(({ kind, node }) => node === undefined || !(kind in DOWN));
  const rows = overhead.slice(0, MOST_FAULT_ROWS);
  const top = 44 + rows.length * FAULT_ROW;
  const height = top + scene.lanes.length * LANE + 24;
  const x = timeAxis(scene, LEFT, RIGHT);
  const y = (lane: Endpoint) => top + scene.lanes.indexOf(lane) * LANE + LANE / 2;
  const labels = scene.travels.length <= MOST_LABELS;
  const parts = [
    text(12, 22, title, INK, 14),
    ...rows.map((fault, i) => faultRow(fault, x, 34 + i * FAULT_ROW)),
    ...scene.faults.filter((fault) => !rows.includes(fault)).map((fault) => down(fault, scene, x, y)),
    ...scene.lanes.map((lane) => laneLine(lane, y(lane))),
    ...scene.operations.map((row) => operationBar(row, scene, x, y(row.process as Endpoint))),
    ...scene.travels.map((travel) => arrow(travel, x, y, labels)),
    ...ticks(scene, x, height - 8),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<defs>${head('m', MESSAGE)}${head('r', REQUEST)}</defs>`,
    ...parts.filter((part) => part !== ''),
    '</svg>\n',
  ].join('\n');
}

function laneLine(lane: Endpoint, y: number): string {
  const name = typeof lane === 'number' ? `process ${lane}` : lane;
  return `${text(12, y + 4, name, INK)}${line(LEFT - 10, y, RIGHT + 10, y, FAINT)}`;
}

function operationBar(row: Scene['operations'][number], scene: Scene, x: TimeAxis, y: number): string {
  const from = x(row.start);
  const to = row.end === undefined ? RIGHT + 10 : x(row.end);
  const said = `${askedOf(row)}: ${answerOf(row)}`;
  const bar = `<rect x="${round(from)}" y="${round(y - 7)}" width="${round(Math.max(4, to - from))}" height="14" rx="3" fill="${OPERATION}" stroke="${REQUEST}"><title>${escaped(said)}</title></rect>`;
  // Near the right edge a text that begins at its bar would be cut off.
  const last = from > (LEFT + RIGHT) / 2;
  const alone = scene.operations.filter(({ process }) => process === row.process).length === 1;
  const shown = cut(said, alone ? 60 : 24);
  return `${bar}${text(last ? to : from, y - 11, shown, INK, 11, last ? 'end' : 'start')}`;
}

function arrow(
  { from, to, sent, arrives, content }: Travel,
  x: TimeAxis,
  y: (lane: Endpoint) => number,
  labels: boolean,
): string {
  const request = typeof from === 'number' || typeof to === 'number';
  const ink = arrives === null ? LOST : request ? REQUEST : MESSAGE;
  const [x0, y0, y1] = [x(sent), y(from), y(to)];
  // What is lost ends halfway, and is crossed out.
  const x1 = arrives === null ? x0 + 10 : x(arrives);
  const end = arrives === null ? y0 + (y1 - y0) * 0.45 : y1;
  const marker = arrives === null ? ' stroke-dasharray="3 3"' : ` marker-end="url(#${request ? 'r' : 'm'})"`;
  const said = `${endName(from)} to ${endName(to)}: ${JSON.stringify(content) ?? 'nothing'}`;
  const shaft = `<line x1="${round(x0)}" y1="${round(y0)}" x2="${round(x1)}" y2="${round(end)}" stroke="${ink}"${marker}><title>${escaped(cut(said, 300))}</title></line>`;
  const cross = arrives === null ? text(x1, end + 4, '×', LOST, 13, 'middle') : '';
  const name = labels && !request ? nameOf(content) : '';
  return `${shaft}${cross}${name === '' ? '' : text((x0 + x1) / 2 + 3, (y0 + end) / 2, name, ink, 9)}`;
}

function faultRow({ about, begin, end }: SceneFault, x: TimeAxis, y: number): string {
  const [from, to] = [x(begin), x(end)];
  return `<rect x="${round(from)}" y="${y}" width="${round(Math.max(3, to - from))}" height="${FAULT_ROW - 3}" fill="#fff1c2"/>${text(from + 4, y + 10, cut(about, 110), INK, 10)}`;
}

/** A node that is dead or paused. */
function down(
  { kind, node, about, begin, end }: SceneFault,
  { lanes }: Scene,
  x: TimeAxis,
  y: (lane: Endpoint) => number,
): string {
  if (node === undefined || !(kind in DOWN) || !lanes.includes(node)) return '';
  const [from, to] = [x(begin), x(end)];
  return `<rect x="${round(from)}" y="${round(y(node) - LANE / 2 + 4)}" width="${round(Math.max(3, to - from))}" height="${LANE - 8}" fill="${DOWN[kind]}"><title>${escaped(about)}</title></rect>`;
}

/** The time at both ends, and where an operation begins if there is room. */
function ticks({ begin, end, operations }: Scene, x: TimeAxis, y: number): string[] {
  const out: string[] = [];
  let free = Number.NEGATIVE_INFINITY;
  const times = [...new Set([begin, ...operations.flatMap((row) => [row.start, row.end ?? end]), end])];
  for (const time of times.sort((a, b) => a - b)) {
    const at = x(time);
    if (at < free) continue;
    out.push(
      `${line(at, y - 14, at, y - 10, FAINT)}${text(at, y, `${(time / 1e9).toFixed(4)} s`, FAINT, 9, 'middle')}`,
    );
    free = at + 62;
  }
  return out;
}

/** What a message calls itself. */
function nameOf(content: unknown): string {
  if (typeof content !== 'object' || content === null) return '';
  const { kind, type, f } = content as Readonly<Record<string, unknown>>;
  const name = [kind, type, f].find((word) => typeof word === 'string');
  return typeof name === 'string' ? cut(name, 18) : '';
}

function endName(end: Endpoint): string {
  return typeof end === 'number' ? `process ${end}` : end;
}

function head(id: string, ink: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 z" fill="${ink}"/></marker>`;
}

function line(x1: number, y1: number, x2: number, y2: number, ink: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${ink}"/>`;
}

function text(x: number, y: number, what: string, ink: string, size = 11, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${ink}" font-size="${size}" text-anchor="${anchor}">${escaped(what)}</text>`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

function escaped(what: string): string {
  return what.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
