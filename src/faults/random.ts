/** What fault policies need of a random stream. */
export interface Dice {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
}
