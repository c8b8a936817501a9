/**
 * Passes every item of a source to several readers, in step: the next item is read when each reader has asked
 * for it, so memory stays that of one item. A reader that stops early no longer holds the others up; when all
 * have stopped, so does the source.
 */
export function tee<T>(source: AsyncIterable<T>, readers: number): AsyncIterable<T>[] {
  const items = source[Symbol.asyncIterator]();
  let active = readers;
  let waiting: ((item: Promise<IteratorResult<T>>) => void)[] = [];
  const readWhenAllWait = (): void => {
    if (active === 0 || waiting.length < active) return;
    const item = items.next();
    const served = waiting;
    waiting = [];
    for (const serve of served) serve(item);
  };
  const reader = (): AsyncIterator<T> => {
    let stopped = false;
    return {
      next: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
          readWhenAllWait();
        }),
      async return() {
        if (!stopped) active -= 1;
        stopped = true;
        if (active === 0) await items.return?.();
        else readWhenAllWait();
        return { done: true, value: undefined };
      },
    };
  };
  return Array.from({ length: readers }, () => ({ [Symbol.asyncIterator]: reader }));
}
