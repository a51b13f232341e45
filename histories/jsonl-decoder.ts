import { HistoryBuilder } from './builder.ts';
import type { Decoder, ReadWarning } from './decoder.ts';
import { type EventLine, isEvent, whyNoEvent } from './event.ts';
import type { History } from './history.ts';
import { HistoryFileError } from './history-file-error.ts';
import { Lines } from './lines.ts';
import type { OpEvent } from './op.ts';

/**
 * JSON Lines, one event a line. Blank lines are skipped. A last line that is torn, as a killed writer leaves it, is
 * left out with a warning; any other line that is no event is an error.
 *
 * Indices that leave gaps are kept as the events' `origin` (the file is then a part of a history, or lines are
 * missing: there is a warning); events without a time get their index as time.
 */
export class JsonlDecoder implements Decoder {
  private readonly path: string;
  private readonly builder = new HistoryBuilder();
  private readonly lines: Lines;
  private readonly warnings: ReadWarning[] = [];
  private lastIndex = -1;
  private untimed = 0;

  /** `path` is for messages. */
  constructor(path: string) {
    this.path = path;
    this.lines = new Lines((line) => this.line(line));
  }

  push(text: string): void {
    this.lines.push(text);
  }

  end(cutShort: boolean): { history: History; warnings: readonly ReadWarning[] } {
    const tail = this.lines.tail();
    const line = this.lines.count + 1;
    if (tail.trim() !== '') {
      const event = parsed(tail);
      if (event === undefined)
        this.warnings.push({
          line,
          message: 'the last line is torn, as when its writer is killed; it is left out',
        });
      else this.add(event, line);
    }
    if (cutShort)
      this.warnings.push({ line, message: 'the gzip data ends early; the events after this are missing' });
    if (this.untimed > 0)
      this.warnings.push({
        message: `${this.untimed} of ${this.builder.length} events have no time; their indices stand for it`,
      });
    return { history: this.builder.build(), warnings: this.warnings };
  }

  private line(text: string): void {
    const event = parsed(text);
    if (event !== undefined) this.add(event, this.lines.count);
    else if (text.trim() !== '')
      throw new HistoryFileError(
        this.path,
        this.lines.count,
        `this is not JSON (${whyNotJson(text)}); a history has one JSON event a line: repair or delete the line`,
      );
  }

  private add(event: unknown, line: number): void {
    if (!isEvent(event)) throw new HistoryFileError(this.path, line, whyNoEvent(event));
    const index = event.index ?? this.lastIndex + 1;
    if (index !== this.lastIndex + 1) this.jump(index, line);
    this.lastIndex = index;
    this.builder.append(completed(event, index), index);
    if (event.time === undefined) this.untimed++;
  }

  private jump(index: number, line: number): void {
    if (index <= this.lastIndex)
      throw new HistoryFileError(
        this.path,
        line,
        `index ${index} comes after ${this.lastIndex}; put the events in order, or leave "index" out everywhere`,
      );
    if (this.warnings.length > 0) return;
    const where = this.lastIndex < 0 ? `begin at ${index}` : `jump from ${this.lastIndex} to ${index}`;
    this.warnings.push({
      line,
      message: `indices ${where}: this is a part of a history, or lines are missing`,
    });
  }
}

/** The JSON value of a line, or undefined when it is none. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function whyNotJson(line: string): string {
  try {
    JSON.parse(line);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function completed(event: EventLine, index: number): OpEvent {
  return {
    time: event.time ?? index,
    process: event.process,
    type: event.type,
    f: event.f,
    value: event.value ?? null,
    key: event.key ?? undefined,
    node: event.node ?? undefined,
    error: errorText(event.error),
  };
}

/** Other tools' errors may be any data. */
function errorText(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return typeof error === 'string' ? error : JSON.stringify(error);
}
