import type { Message, Payload } from './message.ts';

/**
 * In which order a node delivers what has arrived. Whatever it remembers follows from the messages that it was given, so
 * that they bring it back after a crash.
 */
export interface Order<P extends Payload> {
  /** What the node's next message carries besides the client's value. */
  payload(value: unknown): P;
  /** A message arrived, or was broadcast here: which can now be delivered, in order. */
  receive(message: Message<P>): readonly Message<P>[];
  /** What the node should broadcast now though no client asked for it. */
  announcement?(): P | undefined;
}

/** As it comes. */
export const UNORDERED: Order<Payload> = {
  payload: (value) => ({ value }),
  receive: (message) => [message],
};
