import { fromHex } from "../../../base/lib/bytes.ts";
import { WORD_BYTES } from "../../../base/lib/sizes.ts";
import type { ActivityRecord } from "../../../base/types/activityRecord.ts";
import type { SubjectKey } from "../../../base/types/ids.ts";
import type { MethodologyCategory } from "../../../base/types/methodology.ts";
import anchors from "./anchors.json" with { type: "json" };

/** By class, the kind of asset that its acts are keyed by where a record names one. No manifest hashes it. */
const KINDS: ReadonlyMap<string, string> = new Map(
  anchors.map(([scenario = "", kind = ""]) => [scenario, kind]),
);

/**
 * The asset's key, which stands in the place of the subject's in the message of an activity key: of a
 * project's month always, of an act where its class asks for an anchor of that kind; null where the key is
 * made from the subject. So two claims of one installation and month have equal keys, whoever is paid. The
 * holder's commitment is the subject's either way.
 */
export function anchorKey(
  { scenario, asset }: Pick<ActivityRecord, "scenario" | "asset">,
  category: MethodologyCategory,
): SubjectKey | null {
  if (!asset) return null;
  if (category !== "project" && KINDS.get(scenario) !== asset.kind) return null;
  return fromHex(asset.key, WORD_BYTES) as SubjectKey;
}
