/** Hears of the end of an asynchronous action, never at once, also of one that throws before it has begun. */
export function settle<T>(
  action: () => Promise<T>,
  done: (result: T) => void,
  failed: (error: unknown) => void,
): void {
  let promise: Promise<T>;
  try {
    promise = action();
  } catch (error) {
    promise = Promise.reject(error);
  }
  promise.then(done, failed);
}

/** What an error of any kind says. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
