import type { Methodology } from "../../base/types/methodology.ts";
import type { ManifestProvider } from "../../format/batch/manifest.ts";
import type { CheckedLeaf } from "./checkPart.ts";

/** What leaves come to, however many they are. */
export class LeafTally {
  leaves = 0;
  milligrams = 0n;
  /** How many leaves each has, in the order of first appearance. */
  readonly methodologies = new Map<Methodology, number>();
  readonly providers = new Map<ManifestProvider, number>();

  add({ milligrams, context: { methodology, provider } }: CheckedLeaf): void {
    this.leaves += 1;
    this.milligrams += milligrams;
    this.methodologies.set(methodology, (this.methodologies.get(methodology) ?? 0) + 1);
    this.providers.set(provider, (this.providers.get(provider) ?? 0) + 1);
  }
}
