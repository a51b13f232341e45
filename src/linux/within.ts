/** What a promise resolves to; rejects with an `Error` of `complaint` if it takes longer than so many milliseconds. */
export async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
  complaint: () => string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
