import { ednNumber } from './number.ts';

/** The text ends inside a form: more text may complete it. */
export const INCOMPLETE = Symbol('incomplete');

/** What is wrong with EDN text, and at which character. */
export class EdnSyntaxError extends Error {
  override readonly name = 'EdnSyntaxError';
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** What a `)`, `]` or `}` reads as: never a value. */
const CLOSE = Symbol('close');
/** What `#_` and what it discards read as. */
const NOTHING = Symbol('nothing');

/**
 * Reads EDN (the extensible data notation of Clojure, github.com/edn-format/edn) as the JSON-like data that histories
 * hold: keywords, symbols and characters become strings, lists and sets arrays, maps objects (a key that is no string
 * stands as its JSON), and a tag is dropped and its value kept. Integers beyond 2^53 and ratios become strings, as a
 * rounded number might equal another one.
 *
 * Methods throw `INCOMPLETE` when the text ends before what they read does, a name or number at its very end included,
 * and `EdnSyntaxError` when it is wrong.
 */
export class EdnReader {
  position = 0;
  private depth = 0;
  private readonly text: string;
  private readonly names: Map<string, string>;

  /** `names` keeps one string for each keyword; readers of one file share it. */
  constructor(text: string, names: Map<string, string>) {
    this.text = text;
    this.names = names;
  }

  /** Skips blanks, commas and comments; answers the code of the next character, or -1 at the end of the text. */
  next(): number {
    const { text } = this;
    for (let i = this.position; ; i++) {
      const c = text.charCodeAt(i);
      if (c === SEMICOLON) {
        const end = text.indexOf('\n', i);
        if (end < 0) throw INCOMPLETE;
        i = end;
      } else if (c !== SPACE && c !== COMMA && !(c >= 9 && c <= 13)) {
        this.position = i;
        return Number.isNaN(c) ? -1 : c;
      }
    }
  }

  /** The next value, past whatever is discarded by `#_`. */
  value(): unknown {
    for (;;) {
      const form = this.form();
      if (form === NOTHING) continue;
      if (form === CLOSE)
        throw new EdnSyntaxError(this.position - 1, `"${this.text[this.position - 1]}" closes nothing`);
      return form;
    }
  }

  /** Whether a form that `#_` discards comes next; if so it is skipped. */
  discard(): boolean {
    if (this.next() !== HASH) return false;
    const c = this.text.charCodeAt(this.position + 1);
    if (Number.isNaN(c)) throw INCOMPLETE;
    if (c !== UNDERSCORE) return false;
    this.form();
    return true;
  }

  private form(): unknown {
    const c = this.next();
    if (++this.depth > DEEPEST)
      throw new EdnSyntaxError(this.position, `forms are nested more than ${DEEPEST} deep`);
    const form = this.formThatBegins(c);
    this.depth--;
    return form;
  }

  private formThatBegins(c: number): unknown {
    switch (c) {
      case -1:
        throw INCOMPLETE;
      case COLON:
        return this.keyword();
      case QUOTE:
        return this.string();
      case OPEN_MAP:
        return this.map('');
      case OPEN_VECTOR:
        return this.list(CLOSE_VECTOR);
      case OPEN_LIST:
        return this.list(CLOSE_LIST);
      case HASH:
        return this.dispatch();
      case BACKSLASH:
        return this.character();
      case CARET:
        this.position++;
        this.value();
        return this.value();
      case CLOSE_MAP:
      case CLOSE_VECTOR:
      case CLOSE_LIST:
        this.position++;
        return CLOSE;
      default:
        return this.numberOrSymbol(c);
    }
  }

  private keyword(): string {
    const from = this.position + 1;
    const end = this.tokenEnd(from);
    if (end === from) throw new EdnSyntaxError(this.position, 'a keyword without a name');
    this.position = end;
    return this.interned(this.text.slice(from, end));
  }

  private interned(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.names.set(name, name);
    return name;
  }

  private list(close: number): unknown[] {
    const from = this.position++;
    const out: unknown[] = [];
    for (;;) {
      const form = this.form();
      if (form === CLOSE) {
        this.closedBy(close, from);
        return out;
      }
      if (form !== NOTHING) out.push(form);
    }
  }

  private map(namespace: string): Record<string, unknown> {
    const from = this.position++;
    const out: Record<string, unknown> = {};
    let name: string | undefined;
    for (;;) {
      const form = this.form();
      if (form === NOTHING) continue;
      if (form === CLOSE) {
        this.closedBy(CLOSE_MAP, from);
        if (name !== undefined) throw new EdnSyntaxError(from, `the map's last key, ${name}, has no value`);
        return out;
      }
      if (name === undefined) {
        name = typeof form === 'string' ? namespace + form : JSON.stringify(form);
      } else {
        if (name === '__proto__') Object.defineProperty(out, name, { value: form, ...PLAIN });
        else out[name] = form;
        name = undefined;
      }
    }
  }

  private closedBy(close: number, from: number): void {
    const at = this.position - 1;
    if (this.text.charCodeAt(at) !== close)
      throw new EdnSyntaxError(
        at,
        `"${this.text[at]}" closes what "${this.text[from]}" opened; "${String.fromCharCode(close)}" is missing`,
      );
  }

  /** What begins with `#`: a set, a discarded form, a tagged value, a number that is none, a pattern. */
  private dispatch(): unknown {
    const at = this.position++;
    const c = this.text.charCodeAt(this.position);
    if (Number.isNaN(c)) throw INCOMPLETE;
    if (c === OPEN_MAP) return this.list(CLOSE_MAP);
    if (c === QUOTE) return this.string();
    if (c === UNDERSCORE) {
      this.position++;
      this.value();
      return NOTHING;
    }
    if (c === HASH) {
      this.position++;
      return this.token().replace(/^-?Inf$/, '$&inity');
    }
    const tag = this.token();
    if (tag === '') throw new EdnSyntaxError(at, 'a "#" that no form follows');
    if (tag.startsWith(':') && this.next() === OPEN_MAP) return this.map(`${tag.replace(/^:+/, '')}/`);
    return this.value();
  }

  private character(): string {
    const from = this.position + 1;
    if (from >= this.text.length) throw INCOMPLETE;
    const end = Math.max(this.tokenEnd(from), from + 1);
    this.position = end;
    const name = this.text.slice(from, end);
    if (/^u[\da-fA-F]{4}$/.test(name)) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
    return CHARACTERS[name] ?? name;
  }

  private string(): string {
    const { text } = this;
    const from = this.position + 1;
    for (let i = from; ; i++) {
      const c = text.charCodeAt(i);
      if (c === QUOTE) {
        this.position = i + 1;
        return text.slice(from, i);
      }
      if (c === BACKSLASH) return this.escapedString(from, i);
      if (Number.isNaN(c)) throw INCOMPLETE;
    }
  }

  private escapedString(from: number, firstEscape: number): string {
    const { text } = this;
    let out = text.slice(from, firstEscape);
    let i = firstEscape;
    for (;;) {
      const plain = i;
      let c = text.charCodeAt(i);
      while (c !== QUOTE && c !== BACKSLASH && !Number.isNaN(c)) c = text.charCodeAt(++i);
      out += text.slice(plain, i);
      if (Number.isNaN(c)) throw INCOMPLETE;
      if (c === QUOTE) break;
      const pattern = /\\(?:u([\da-fA-F]{4})|([0-3]?[0-7]{1,2})|([^u0-7]))/y;
      pattern.lastIndex = i;
      const match = pattern.exec(text);
      if (match === null) {
        if (text.length < i + 6) throw INCOMPLETE;
        throw new EdnSyntaxError(i, 'an escape in a string that EDN does not know');
      }
      const [all, hex, octal, letter] = match;
      if (hex !== undefined) out += String.fromCharCode(Number.parseInt(hex, 16));
      else if (octal !== undefined) out += String.fromCharCode(Number.parseInt(octal, 8));
      else out += ESCAPES[letter!] ?? letter;
      i += all.length;
    }
    this.position = i + 1;
    return out;
  }

  private numberOrSymbol(first: number): unknown {
    const { text } = this;
    const from = this.position;
    let i = from;
    const negative = first === MINUS;
    if (negative) i++;
    let n = 0;
    let c = text.charCodeAt(i);
    const digits = i;
    while (c >= ZERO && c <= NINE) {
      n = n * 10 + (c - ZERO);
      c = text.charCodeAt(++i);
    }
    if (i > digits && i - digits <= 15 && isDelimiter(c)) {
      this.position = i;
      return negative && n !== 0 ? -n : n;
    }
    const token = this.token();
    if (token === 'nil') return null;
    if (token === 'true') return true;
    if (token === 'false') return false;
    if (i === digits && !/^[+.]\d/.test(token)) return this.interned(token);
    const value = ednNumber(token);
    if (value === undefined) throw new EdnSyntaxError(from, `"${token}" is not a number`);
    return value;
  }

  private token(): string {
    const from = this.position;
    this.position = this.tokenEnd(from);
    return this.text.slice(from, this.position);
  }

  private tokenEnd(from: number): number {
    const { text } = this;
    let i = from;
    let c = text.charCodeAt(i);
    while (!isDelimiter(c)) {
      if (Number.isNaN(c)) throw INCOMPLETE;
      c = text.charCodeAt(++i);
    }
    return i;
  }
}

/** A property as assignment would make it. */
const PLAIN = { writable: true, enumerable: true, configurable: true } as const;

/** Far deeper than any history, and far from the end of the stack. */
const DEEPEST = 500;

const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const OPEN_LIST = 40;
const CLOSE_LIST = 41;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const SEMICOLON = 59;
const OPEN_VECTOR = 91;
const BACKSLASH = 92;
const CLOSE_VECTOR = 93;
const CARET = 94;
const UNDERSCORE = 95;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

const CHARACTERS: Readonly<Record<string, string>> = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
  formfeed: '\f',
  backspace: '\b',
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };

/** Ends a number or a name. */
function isDelimiter(c: number): boolean {
  return (
    c === SPACE ||
    c === COMMA ||
    (c >= 9 && c <= 13) ||
    c === CLOSE_MAP ||
    c === CLOSE_VECTOR ||
    c === CLOSE_LIST ||
    c === QUOTE ||
    c === SEMICOLON ||
    c === OPEN_MAP ||
    c === OPEN_VECTOR ||
    c === OPEN_LIST
  );
}
