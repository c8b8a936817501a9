/** How many items of `length` bytes make up `bytes`. @throws RangeError where they don't, naming the items */
export function itemCount(bytes: Uint8Array, length: number, items: string): number {
  const count = bytes.length / length;
  if (length >= 1 && Number.isInteger(length) && Number.isInteger(count)) return count;
  throw new RangeError(`${String(bytes.length)} bytes are no ${items} of ${String(length)} bytes.`);
}
