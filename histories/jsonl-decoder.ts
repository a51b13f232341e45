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

  /** `path` is for messages. */
  constructor(path: string) {
    this.collector = new Collector(path);
    this.lines = new Lines((line) => this.line(line));
  }

  push(text: string): void {
    this.lines.push(text);
  }

  end(): Decoded {
    const tail = this.lines.tail();
    const line = this.lines.count + 1;
    const event = parsed(tail);
    if (event !== undefined) this.add(event, line);
    else if (tail.trim() !== '')
      this.collector.warn('the last line is torn, as when its writer is killed; it is left out', line);
    return this.collector.finish();
  }

  private line(text: string): void {
    const event = parsed(text);
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
