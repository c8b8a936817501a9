import list from "./asset-kinds.json" with { type: "json" };

/**
 * Every kind of asset that there is. One spelling each: an asset's key is made of its kind and number, and
 * two spellings of one thing would count it twice. No manifest hashes them.
 */
export const ASSET_KINDS: readonly string[] = list.kinds;

const OF_CLASSES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(list.classes));

/**
 * Kinds of assets that acts and months of a class may name: of a shipped class its own, of any other every
 * kind, unless its region's rules say which.
 */
export function assetKindsOf(scenario: string): readonly string[] {
  return OF_CLASSES.get(scenario) ?? ASSET_KINDS;
}
