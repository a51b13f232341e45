/** The servers under test did not come up, so there is nothing to judge: the message says which, and what they printed last. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
