import type { KeyedVersion, Stamps, Version } from '../shared/versions.ts';

/** What nodes tell each other; `op` names the operation that a coordinator works on. */
export type Message =
  | { readonly type: 'query'; readonly op: string; readonly key: string }
  | { readonly type: 'state'; readonly op: string; readonly version: Version }
  | { readonly type: 'store'; readonly op: string; readonly version: KeyedVersion }
  | { readonly type: 'stored'; readonly op: string }
  /** Later versions, which nobody waits for: read repair and anti-entropy. */
  | { readonly type: 'versions'; readonly versions: readonly KeyedVersion[] }
  /** What the sender has; the receiver answers with what is later, and with its own digest if `answer`. */
  | { readonly type: 'digest'; readonly stamps: Stamps; readonly answer: boolean };
