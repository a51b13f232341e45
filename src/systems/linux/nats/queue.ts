import type { NatsConnection } from 'nats';
import type { Completion } from '../../../world/client.ts';
import { SECOND } from '../../../world/nanos.ts';
import { ask, JetStreamError } from './connection.ts';

/** The stream that is a queue, and its only subject: what was taken from it and acknowledged is gone. */
export const QUEUE = 'momus-queue';

/** The consumer that all clients share. */
const CONSUMER = 'momus';

/** After how long a message that was taken but not acknowledged is given to another. */
const ACK_WAIT = 2 * SECOND;

/** Status of an answer that brings no message: there is none that could be given now. */
const NO_MESSAGES = 404;

const CONSUMER_EXISTS = '10148';

export function queueSettings(replicas: number) {
  return {
    name: QUEUE,
    subjects: [QUEUE],
    retention: 'workqueue',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
  };
}

/** Makes the consumer; the stream must be there. */
export async function makeConsumer(connection: NatsConnection, timeout: number): Promise<void> {
  const config = {
    durable_name: CONSUMER,
    ack_policy: 'explicit',
    ack_wait: ACK_WAIT,
    deliver_policy: 'all',
  };
  const subject = `$JS.API.CONSUMER.DURABLE.CREATE.${QUEUE}.${CONSUMER}`;
  try {
    await ask(connection, subject, { stream_name: QUEUE, config }, { timeout });
  } catch (error) {
    if (!(error instanceof JetStreamError) || error.code !== CONSUMER_EXISTS) throw error;
  }
}

/**
 * Takes a message and acknowledges it. If the acknowledgement is lost the message comes again. What another client has
 * taken and not yet acknowledged may come back, so the queue is empty only when there is none of that either.
 */
export async function dequeue(connection: NatsConnection, timeout: number): Promise<Completion> {
  const request = JSON.stringify({ batch: 1, no_wait: true });
  const next = `$JS.API.CONSUMER.MSG.NEXT.${QUEUE}.${CONSUMER}`;
  // A message comes with its own subject, by which the library's shared inbox would not know it.
  const message = await connection.request(next, request, { timeout, noMux: true });
  if (message.headers === undefined || message.headers.code === 0) {
    const value = message.json<unknown>();
    message.respond('+ACK');
    // It was delivered, whatever becomes of the acknowledgement.
    await connection.flush().catch(() => {});
    return { type: 'ok', value };
  }
  if (message.headers.code !== NO_MESSAGES)
    throw new Error(`JetStream: ${message.headers.code} ${message.headers.description}`);
  const info = `$JS.API.CONSUMER.INFO.${QUEUE}.${CONSUMER}`;
  const left = await ask<Left>(connection, info, {}, { timeout });
  const empty = left.num_pending === 0 && left.num_ack_pending === 0;
  return { type: 'fail', error: empty ? 'empty' : 'none-ready' };
}

interface Left {
  /** Messages that nobody was given yet. */
  readonly num_pending: number;
  /** Messages that somebody was given and has not acknowledged. */
  readonly num_ack_pending: number;
}
