/**
 * Freezes a message with all that it holds, so that neither end can change what the other has. Stops at parts that are
 * frozen already: log entries, for one, are sent many times. Byte arrays can't be frozen and are left alone.
 */
export function freezeMessage(message: unknown): void {
  if (typeof message !== 'object' || message === null || Object.isFrozen(message)) return;
  if (ArrayBuffer.isView(message)) return;
  Object.freeze(message);
  if (Array.isArray(message)) {
    for (let i = 0; i < message.length; i++) freezeMessage(message[i]);
  } else {
    for (const name in message) {
      const part = (message as Record<string, unknown>)[name];
      if (typeof part === 'object') freezeMessage(part);
    }
  }
}
