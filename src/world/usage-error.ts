/** The user asked for something that can't be: the message is all they need to see. Exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
