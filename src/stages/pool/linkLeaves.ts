import { CheckFailedError } from "../../base/errors/errors.ts";
import { compareBytes, toHex } from "../../base/lib/bytes.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import { holderCommitment, LAST_ACTIVITY_KEY, recordHash, type Leaf } from "../../format/batch/leaf.ts";
import { scenarioClass } from "../../format/batch/scenarioClasses.ts";

/**
 * Gives each leaf the key of the one after it, as the format asks: strictly ascending keys, ff…ff behind the
 * last.
 * @throws CheckFailedError `pool.order` where keys do not ascend
 */
export async function* linkLeaves(
  drafts: AsyncIterable<readonly LeafDraft[]>,
  providers: ReadonlyMap<ProviderId, number>,
): AsyncIterable<Leaf[]> {
  let waiting: LeafDraft | null = null;
  for await (const chunk of drafts) {
    const linked: Leaf[] = [];
    for (const draft of chunk) {
      if (waiting) {
        if (compareBytes(waiting.activityKey, draft.activityKey) >= 0) {
          throw new CheckFailedError(
            "pool.order",
            `The activity key ${toHex(draft.activityKey)} comes after a key that is not below it.`,
          );
        }
        linked.push(leafOf(waiting, draft.activityKey, providers));
      }
      waiting = draft;
    }
    if (linked.length > 0) yield linked;
  }
  if (waiting) yield [leafOf(waiting, LAST_ACTIVITY_KEY, providers)];
}

function leafOf(
  draft: LeafDraft,
  nextActivityKey: Uint8Array,
  providers: ReadonlyMap<ProviderId, number>,
): Leaf {
  const [record] = draft.records;
  const providerIndex = record && providers.get(record.provider);
  if (!record || providerIndex === undefined) {
    throw new CheckFailedError(
      "pool.provider",
      `The leaf ${toHex(draft.activityKey)} has no provider of the manifest's list.`,
    );
  }
  return {
    activityKey: draft.activityKey,
    nextActivityKey,
    methodologyId: draft.methodologyId,
    holderCommitment: holderCommitment(draft.subjectKey, draft.salt),
    recordHash: recordHash(draft.salt, draft.records),
    milligrams: draft.milligrams,
    day: draft.day,
    scenarioClass: scenarioClass(record.scenario).code,
    providerIndex,
  };
}
