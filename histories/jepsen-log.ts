import { Collector } from './collector.ts';
import type { Decoded, Decoder } from './decoder.ts';
import { NemesisPairs } from './edn/operation.ts';
import { EdnReader, EdnSyntaxError, INCOMPLETE } from './edn/reader.ts';
import { HistoryFileError } from './history-file-error.ts';
import { Lines } from './lines.ts';
import type { OpType, Process } from './op.ts';

/** `INFO  jepsen.util - 3	:invoke	:cas	[1 4]`, and the later `[jepsen worker 3] jepsen.util: 3	:invoke ...`. */
const OPERATION = /\bjepsen\.util(?: -|:)\s+(\d+|:nemesis)\s+:(invoke|ok|fail|info)\s+:(\S+)\s*(.*)$/;

/**
 * The lines of a Jepsen log that tell operations; other lines are skipped. In place of a value, a completion may give
 * the reason why its outcome is unknown (`:timed-out`): that becomes its error, and its invocation's value its value.
 */
export class JepsenLogDecoder implements Decoder {
  private readonly collector: Collector;
  private readonly lines: Lines;
  private readonly nemesis = new NemesisPairs();
  private readonly names = new Map<string, string>();
  /** What each process last invoked. */
  private readonly invoked = new Map<Process, unknown>();
  private found = 0;

  /** `path` is for messages. */
  constructor(path: string) {
    this.collector = new Collector(path);
    this.lines = new Lines((line) => this.line(line, this.lines.count));
  }

  push(text: string): void {
    this.lines.push(text);
  }

  end(): Decoded {
    this.line(this.lines.tail(), this.lines.count + 1);
    if (this.found === 0)
      throw new HistoryFileError(
        this.collector.path,
        undefined,
        'no line tells an operation; they look like "INFO  jepsen.util - 0  :invoke  :read  nil"',
      );
    return this.collector.finish();
  }

  private line(text: string, line: number): void {
    const match = OPERATION.exec(text.trimEnd());
    if (match === null) return;
    this.found++;
    const process = match[1] === ':nemesis' ? 'nemesis' : Number(match[1]);
    const f = match[3]!;
    let type = match[2] as OpType;
    let [value, error] = this.forms(match[4]!, line);
    if (process === 'nemesis') {
      if (type === 'info') type = this.nemesis.typeOfInfo(f);
    } else if (type === 'invoke') {
      this.invoked.set(process, value);
    } else if (type !== 'ok' && /^:\S/.test(match[4]!)) {
      error = value;
      value = this.invoked.get(process);
    }
    this.collector.add({ process, type, f, value, error }, line);
  }

  /** The value and the error at the end of a line, each of which may be missing. */
  private forms(text: string, line: number): [value: unknown, error: unknown] {
    const reader = new EdnReader(`${text}\n`, this.names);
    try {
      return [reader.next() < 0 ? null : reader.value(), reader.next() < 0 ? undefined : reader.value()];
    } catch (error) {
      if (error !== INCOMPLETE && !(error instanceof EdnSyntaxError)) throw error;
      const problem = error === INCOMPLETE ? 'it ends too early' : (error as Error).message;
      throw new HistoryFileError(
        this.collector.path,
        line,
        `can't read the operation's value: ${problem}; repair or delete the line`,
      );
    }
  }
}
