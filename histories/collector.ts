import { HistoryBuilder } from './builder.ts';
import type { ReadWarning } from './decoder.ts';
import type { EventLine } from './event.ts';
import type { History } from './history.ts';
import { HistoryFileError } from './history-file-error.ts';
import type { OpEvent } from './op.ts';

/**
 * Builds a history from the events of a file. Indices that leave gaps are kept as the events' `origin` (the file is
 * then a part of a history, or lines are missing: there is a warning); indices that go back are an error. An event
 * without a time gets its index as time.
 */
export class Collector {
  readonly path: string;
  private readonly builder = new HistoryBuilder();
  private readonly warnings: ReadWarning[] = [];
  private lastIndex = -1;
  private jumped = false;
  private untimed = 0;

  /** `path` is for messages. */
  constructor(path: string) {
    this.path = path;
  }

  add(event: EventLine, line: number): void {
    const index = event.index ?? this.lastIndex + 1;
    if (index !== this.lastIndex + 1) this.jump(index, line);
    this.lastIndex = index;
    if (event.time === undefined) this.untimed++;
    try {
      this.builder.append(completed(event, index), index);
    } catch (error) {
      throw new HistoryFileError(this.path, line, (error as Error).message, { cause: error });
    }
  }

  warn(message: string, line?: number): void {
    this.warnings.push(line === undefined ? { message } : { line, message });
  }

  finish(): { history: History; warnings: ReadWarning[] } {
    const { untimed, builder } = this;
    if (untimed > 0)
      this.warn(
        `${untimed === builder.length ? 'the' : `${untimed} of ${builder.length}`} events have no time; their indices stand for it`,
      );
    return { history: this.builder.build(), warnings: this.warnings };
  }

  private jump(index: number, line: number): void {
    if (index <= this.lastIndex)
      throw new HistoryFileError(
        this.path,
        line,
        `index ${index} comes after ${this.lastIndex}; put the events in order, or leave the indices out everywhere`,
      );
    if (this.jumped) return;
    this.jumped = true;
    const where = this.lastIndex < 0 ? `begin at ${index}` : `jump from ${this.lastIndex} to ${index}`;
    this.warn(`indices ${where}: this is a part of a history, or lines are missing`, line);
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
