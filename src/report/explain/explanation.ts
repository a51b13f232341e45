/** What is to be said about one name: plain data, which the terminal and the pages of the docs show in their own way. */
export interface Explanation {
  readonly name: string;
  /** What the name stands for: `system`, `bug of raft`, `anomaly` ... */
  readonly kind: string;
  readonly about: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Absent: goes on below what the thing is. */
  readonly heading?: string;
  readonly blocks: readonly Block[];
}

/** A paragraph, items of a list, terms with what they mean, or commands with what they do. */
export type Block =
  | { readonly text: string }
  | { readonly items: readonly string[] }
  | { readonly terms: readonly (readonly [term: string, meaning: string])[] }
  | { readonly commands: readonly (readonly [command: string, does: string])[] };
