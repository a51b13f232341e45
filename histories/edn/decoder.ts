import { Collector } from '../collector.ts';
import type { Decoded, Decoder } from '../decoder.ts';
import { isEvent, whyNoEvent } from '../event.ts';
import { HistoryFileError } from '../history-file-error.ts';
import { isKeyed, liftKeys } from './independent.ts';
import { eventOfMap, NemesisPairs } from './operation.ts';
import { EdnReader, EdnSyntaxError, INCOMPLETE } from './reader.ts';

/**
 * Jepsen's EDN histories: maps or `#jepsen.history.Op` records, one after another or in one vector or list. Reads an
 * operation at a time, so only the text of one that is not whole yet is kept. A last operation that is torn is left
 * out with a warning.
 */
export class EdnDecoder implements Decoder {
  private readonly collector: Collector;
  private readonly tuples: boolean | undefined;
  private readonly nemesis = new NemesisPairs();
  private readonly names = new Map<string, string>();
  /** The bracket that is open around the operations, if any. */
  private open: '[' | '(' | '' = '';
  /** Text not yet read, and how much of it there must be before another try to read it pays. */
  private readonly pieces: string[] = [];
  private unread = 0;
  private needed = 0;
  /** Of the first character not yet read. */
  private line = 1;

  /** `path` is for messages; `tuples`: whether values are Jepsen's `[key value]` tuples, found out when absent. */
  constructor(path: string, tuples?: boolean) {
    this.collector = new Collector(path);
    this.tuples = tuples;
  }

  push(text: string): void {
    this.pieces.push(text);
    this.unread += text.length;
    if (this.unread >= this.needed) this.read();
  }

  end(): Decoded {
    this.read();
    const rest = this.pieces.join('');
    if (!COMMENTS.test(rest)) this.warnOfTorn(rest);
    else if (this.open !== '')
      this.collector.warn(`the "${this.open}" around the operations is never closed`, this.line);
    const { history, warnings } = this.collector.finish();
    if (!(this.tuples ?? isKeyed(history))) return { history, warnings };
    if (this.tuples === undefined)
      warnings.push({ message: 'values look like independent tuples [key value] and are read as such' });
    return { history: liftKeys(history), warnings };
  }

  /** Reads as many operations as are whole and keeps the rest of the text. */
  private read(): void {
    const text = this.pieces.length === 1 ? this.pieces[0]! : this.pieces.join('');
    const reader = new EdnReader(text, this.names);
    let whole = 0;
    try {
      for (let more = true; more; whole = reader.position) {
        if (!reader.discard()) {
          const code = reader.next();
          this.line += lineBreaks(text, whole, reader.position);
          whole = reader.position;
          more = code >= 0;
          if (more) this.element(String.fromCharCode(code), reader);
        }
        this.line += lineBreaks(text, whole, reader.position);
      }
    } catch (error) {
      if (error !== INCOMPLETE) throw this.located(error, text, whole);
    }
    const rest = text.slice(whole);
    this.pieces.length = 0;
    if (rest !== '') this.pieces.push(rest);
    this.unread = rest.length;
    this.needed = rest.length * 2;
  }

  /** Reads an operation, or a bracket around all of them. */
  private element(first: string, reader: EdnReader): void {
    if (this.open === '' && (first === '[' || first === '(')) {
      this.open = first;
      reader.position++;
    } else if (this.open !== '' && first === (this.open === '[' ? ']' : ')')) {
      this.open = '';
      reader.position++;
    } else {
      const from = reader.position;
      const event = eventOfMap(reader.value());
      if (!isEvent(event)) throw new EdnSyntaxError(from, whyNoEvent(event));
      const paired =
        event.process === 'nemesis' && event.type === 'info'
          ? { ...event, type: this.nemesis.typeOfInfo(event.f) }
          : event;
      this.collector.add(paired, this.line);
    }
  }

  /** `error` with its place in the file, `line` being that of character `whole` of `text`. */
  private located(error: unknown, text: string, whole: number): unknown {
    if (!(error instanceof EdnSyntaxError)) return error;
    const line = this.line + lineBreaks(text, whole, error.position);
    return new HistoryFileError(
      this.collector.path,
      line,
      `${error.message}; repair or delete the operation`,
    );
  }

  private warnOfTorn(rest: string): void {
    if (/\n[ [(]?(\{|#jepsen)[^\n]*:(process|type)\b/.test(rest))
      throw new HistoryFileError(
        this.collector.path,
        this.line,
        'a bracket or quote that is opened in this operation is never closed; repair or delete the operation',
      );
    this.collector.warn('the last operation is torn; it is left out', this.line);
  }
}

/** Blanks, commas and comments. */
const COMMENTS = /^(?:[\s,]|;.*)*$/;

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (text.charCodeAt(i) === 10) count++;
  return count;
}
