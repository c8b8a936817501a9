/**
 * Reads one item ahead of its reader, so that the source works while the reader waits for input or output (a
 * database server, a disk). An error of the source reaches the reader in its turn; a reader that stops also
 * stops the source.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const items = source[Symbol.asyncIterator]();
  const begin = (): Promise<IteratorResult<T>> => {
    const item = items.next();
    // Until it is this item's turn nobody waits for it, and its failure must not count as unhandled.
    item.catch(() => undefined);
    return item;
  };
  let next = begin();
  try {
    for (;;) {
      const item = await next;
      if (item.done === true) return;
      next = begin();
      yield item.value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return?.();
  }
}
