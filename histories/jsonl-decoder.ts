import { Collector } from './collector.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { isEvent, whyNoEvent } from './event.ts';
import { HistoryFileError } from './history-file-error.ts';
import { Lines } from './lines.ts';

/**
 * JSON Lines, one event a line. Blank lines are skipped. A last line that is torn, as a killed writer leaves it, is
 * left out with a warning; any other line that is no event is an error.
 */
export class JsonlDecoder implements Decoder {
  private readonly collector: Collector;
  private readonly lines: Lines;
  private large = 0;
  /** Whether a line of the piece of text at hand may have an integer beyond 2^53: to ask that of each line takes longer. */
  private mayBeLarge = true;

  /** `path` is for messages. */
  constructor(path: string) {
    this.collector = new Collector(path);
    this.lines = new Lines((line) => this.line(line));
  }

  push(text: string): void {
    this.mayBeLarge = hasLongNumber(text) || hasLongNumber(this.lines.tail() + text.slice(0, LONG));
    this.lines.push(text);
  }

  end(): Decoded {
    const tail = this.lines.tail();
    const line = this.lines.count + 1;
    const event = this.parsed(tail);
    if (event !== undefined) this.add(event, line);
    else if (tail.trim() !== '')
      this.collector.warn('the last line is torn, as when its writer is killed; it is left out', line);
    if (this.large > 0)
      this.collector.warn(
        `${this.large === 1 ? 'an integer' : `${this.large} integers`} beyond 2^53, which a number can't hold exactly, are kept as text`,
      );
    return this.collector.finish();
  }

  /** The JSON value of a line, or undefined when it is none. */
  private parsed(line: string): unknown {
    const exact = this.mayBeLarge && hasLongNumber(line) ? this.keepLarge(line) : line;
    try {
      return JSON.parse(exact);
    } catch {
      return undefined;
    }
  }

  /** Puts integers in quotes that `JSON.parse` would round: two values of clients must not become one. Times may be rounded. */
  private keepLarge(line: string): string {
    let before = '';
    return line.replace(STRING_OR_INTEGER, (token) => {
      const isTime = before === '"time"';
      before = token;
      if (token.startsWith('"') || isTime || String(Number(token)) === token) return token;
      this.large++;
      return `"${token}"`;
    });
  }

  private line(text: string): void {
    const event = this.parsed(text);
    if (event !== undefined) this.add(event, this.lines.count);
    else if (text.trim() !== '')
      throw new HistoryFileError(
        this.collector.path,
        this.lines.count,
        `this is not JSON (${whyNotJson(text)}); a history has one JSON event a line: repair or delete the line`,
      );
  }

  private add(event: unknown, line: number): void {
    if (!isEvent(event)) throw new HistoryFileError(this.collector.path, line, whyNoEvent(event));
    this.collector.add(event, line);
  }
}

/** No integer of fewer digits is beyond 2^53. */
const LONG = 16;

/** Whether there are so many digits in a row, of which one then stands at a multiple of their number. */
function hasLongNumber(line: string): boolean {
  for (let i = LONG - 1; i < line.length; i += LONG) {
    if (!isDigit(line.charCodeAt(i))) continue;
    let first = i;
    while (isDigit(line.charCodeAt(first - 1))) first--;
    let last = i;
    while (isDigit(line.charCodeAt(last + 1))) last++;
    if (last - first + 1 >= LONG) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A whole string, so that digits in it are let be, or a number; fractions and exponents are none of ours. */
const STRING_OR_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d+(?![\w.+-])/g;

function whyNotJson(line: string): string {
  try {
    JSON.parse(line);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
