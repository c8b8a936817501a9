import { compareBytes, equalBytes } from "../../base/lib/bytes.ts";
import { LAST_ACTIVITY_KEY, type Leaf } from "./leaf.ts";

/** How the chain of links can be broken. */
export type LinkFault = "key-not-below-next" | "next-is-not-the-next-leaf" | "last-does-not-end";

/**
 * The fault in a leaf's link, or null. `next` is the leaf after it, null where it is the last one.
 */
export function linkFault(leaf: Leaf, next: Leaf | null): LinkFault | null {
  if (compareBytes(leaf.activityKey, leaf.nextActivityKey) >= 0) return "key-not-below-next";
  if (next === null) return equalBytes(leaf.nextActivityKey, LAST_ACTIVITY_KEY) ? null : "last-does-not-end";
  return equalBytes(leaf.nextActivityKey, next.activityKey) ? null : "next-is-not-the-next-leaf";
}
