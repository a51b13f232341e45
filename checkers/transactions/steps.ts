/** Counts the steps of a search, so that giving up is reproducible. */
export class Steps {
  private left: number;

  constructor(limit: number) {
    this.left = limit;
  }

  get exhausted(): boolean {
    return this.left <= 0;
  }

  get remaining(): number {
    return this.left;
  }

  spend(steps: number): void {
    this.left -= steps;
  }
}
