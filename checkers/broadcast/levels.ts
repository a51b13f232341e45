/** The properties that each level of broadcast must have. */
export const LEVELS = {
  'best-effort': ['self-delivery', 'delivery', 'duplication', 'creation'],
  reliable: ['self-delivery', 'delivery-agreement', 'duplication', 'creation'],
  fifo: ['self-delivery', 'delivery-agreement', 'duplication', 'creation', 'fifo-order'],
  causal: ['self-delivery', 'delivery-agreement', 'duplication', 'creation', 'fifo-order', 'causal-order'],
  'total-order': ['self-delivery', 'delivery-agreement', 'duplication', 'creation', 'total-order'],
  'fifo-total-order': [
    'self-delivery',
    'delivery-agreement',
    'duplication',
    'creation',
    'fifo-order',
    'total-order',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type BroadcastLevel = keyof typeof LEVELS;

/** The levels, in an order in which no level comes before a weaker one. */
export const BROADCAST_LEVELS = Object.keys(LEVELS) as readonly BroadcastLevel[];

/** One step of the ladder: what is right at the stronger level is right at the weaker one, and not the other way round. */
export interface Rung {
  readonly weaker: BroadcastLevel;
  readonly stronger: BroadcastLevel;
  /** What the weaker level lets happen and the stronger one forbids. */
  readonly apart: string;
}

/**
 * The ladder of broadcast models (Hadzilacos and Toueg 1994; Kleppmann's lecture notes, 4.2). It holds where the whole
 * log of every node is known: a node that crashed may hide why something was ordered as it was.
 */
export const BROADCAST_LADDER: readonly Rung[] = [
  {
    weaker: 'best-effort',
    stronger: 'reliable',
    apart: 'a sender crashes halfway: some nodes deliver its message, the others never do',
  },
  {
    weaker: 'reliable',
    stronger: 'fifo',
    apart: "a node delivers one sender's second message before its first",
  },
  {
    weaker: 'fifo',
    stronger: 'causal',
    apart: 'a node delivers an answer before the question, which another node broadcast',
  },
  {
    weaker: 'causal',
    stronger: 'fifo-total-order',
    apart: 'two messages, whose senders knew nothing of each other, are delivered in different orders',
  },
  {
    weaker: 'reliable',
    stronger: 'total-order',
    apart: 'two nodes deliver two messages in different orders',
  },
  {
    weaker: 'total-order',
    stronger: 'fifo-total-order',
    apart: "all nodes deliver one sender's second message before its first",
  },
];
