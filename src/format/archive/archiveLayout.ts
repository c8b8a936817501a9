import { MIB } from "../../base/lib/sizes.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";

/** Where the parts of a batch lie. All paths but `batchFolder` are relative to the batch's own folder. */

export const BUNDLE_LEAVES = 256;
/** Of a full bundle; the last one is shorter. */
export const BUNDLE_BYTES = BUNDLE_LEAVES * LEAF_BYTES;
export const TILE_NODES = 256;
/** The manifest's canonical bytes, whose keccak-256 is the batch's id. */
export const MANIFEST_PATH = "manifest.json";
/** Far above any manifest, whose length nobody knows beforehand: a source reads no more. */
export const MAX_MANIFEST_BYTES = 16 * MIB;

/** 64 hex digits without 0x. */
export function batchFolder(batchId: BatchId): string {
  return batchId.slice(2);
}

/** `leaves/<N>`: leaves 256·N to 256·N + 255, the last bundle short. */
export function bundlePath(bundle: number): string {
  return `leaves/${threeDigitGroups(bundle)}`;
}

/** `tiles/<L>/<N>`: nodes 256·N to 256·N + 255 of tree level 8·L. */
export function tilePath(tileLevel: number, tile: number): string {
  return `tiles/${String(tileLevel)}/${threeDigitGroups(tile)}`;
}

/** How many bundles a batch of `count` leaves has. */
export function bundleCount(count: number): number {
  return Math.ceil(count / BUNDLE_LEAVES);
}

/** How many leaves a bundle holds, of a batch of `count` leaves: only the last one is short. */
export function bundleLeaves(count: number, bundle: number): number {
  return Math.min(BUNDLE_LEAVES, count - bundle * BUNDLE_LEAVES);
}

/** Nodes on tree level 8·L of `count` leaves; a promoted node belongs to every level it reaches. */
export function nodesOnTileLevel(count: number, tileLevel: number): number {
  return Math.ceil(count / TILE_NODES ** tileLevel);
}

/**
 * The highest tile level: L >= 1 is there while ceil(count / 256^(L - 1)) > 1. Its one tile holds the root
 * alone; 0 for a single leaf.
 */
export function topTileLevel(count: number): number {
  let level = 0;
  while (nodesOnTileLevel(count, level) > 1) level += 1;
  return level;
}

/** As in C2SP tlog-tiles: 5 is 005, 1234067 is x001/x234/067. No folder grows beyond a thousand entries. */
function threeDigitGroups(value: number): string {
  const digits = String(value).padStart(Math.ceil(String(value).length / 3) * 3, "0");
  const groups = digits.match(/[0-9]{3}/g) as string[];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}
