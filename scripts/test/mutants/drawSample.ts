import { createHash } from "node:crypto";

/**
 * Draws `size` of the things without putting any back, each as likely as another; the same seed draws the
 * same ones. All of them where there are no more than `size`.
 */
export function drawSample<T extends { readonly key: string }>(
  things: readonly T[],
  size: number,
  seed: number,
): T[] {
  const lot = ({ key }: T) =>
    createHash("sha256")
      .update(`${String(seed)}|${key}`)
      .digest("hex");
  return things
    .map((thing) => ({ thing, lot: lot(thing) }))
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, size)
    .map(({ thing }) => thing);
}
