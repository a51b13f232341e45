/** Cuts text that comes in pieces into lines. */
export class Lines {
  /** How many lines `onLine` has had. */
  count = 0;
  private rest = '';
  private readonly onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  push(piece: string): void {
    let end = piece.indexOf('\n');
    if (end < 0) {
      this.rest += piece;
      return;
    }
    this.take(this.rest + piece.slice(0, end));
    let from = end + 1;
    while ((end = piece.indexOf('\n', from)) >= 0) {
      this.take(piece.slice(from, end));
      from = end + 1;
    }
    this.rest = piece.slice(from);
  }

  /** What follows the last line break: a last line without one, or a torn line, or nothing. */
  tail(): string {
    return this.rest;
  }

  private take(line: string): void {
    this.count++;
    this.onLine(line);
  }
}
