import { CheckFailedError } from "../../base/errors/errors.ts";
import { compareBytes, toHex } from "../../base/lib/bytes.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import { holderCommitments, LAST_ACTIVITY_KEY, recordHashes, type Leaf } from "../../format/batch/leaf.ts";
import { SHIPPED_CLASS_LISTS, type ClassList } from "../../format/batch/classes/classLists.ts";
import { RECORD_SCHEMA_2 } from "../../format/batch/record.ts";

/**
 * Gives each leaf the key of the one after it, as the format asks: strictly ascending keys, ff…ff behind the
 * last.
 * @param classes the list that the batch will name
 * @throws CheckFailedError `pool.order` where keys do not ascend, `pool.provider`, `pool.scenario`
 */
export async function* linkLeaves(
  drafts: AsyncIterable<readonly LeafDraft[]>,
  providers: ReadonlyMap<ProviderId, number>,
  classes: ClassList = SHIPPED_CLASS_LISTS.newest,
): AsyncIterable<Leaf[]> {
  let waiting: readonly LeafDraft[] = [];
  for await (const chunk of drafts) {
    const known = [...waiting, ...chunk];
    for (let i = 1; i < known.length; i++) {
      const [before, draft] = [known[i - 1] as LeafDraft, known[i] as LeafDraft];
      if (compareBytes(before.activityKey, draft.activityKey) >= 0) {
        throw new CheckFailedError(
          "pool.order",
          `The activity key ${toHex(draft.activityKey)} comes after a key that is not below it.`,
        );
      }
    }
    waiting = known.slice(-1);
    if (known.length > 1) yield leavesOf(known.slice(0, -1), waiting, providers, classes);
  }
  if (waiting.length > 0) yield leavesOf(waiting, [], providers, classes);
}

/** Leaves of drafts that follow each other; `after` is the draft that follows the last of them, if any. */
function leavesOf(
  drafts: readonly LeafDraft[],
  [after]: readonly LeafDraft[],
  providers: ReadonlyMap<ProviderId, number>,
  classes: ClassList,
): Leaf[] {
  const commitments = holderCommitments(drafts);
  const hashes = recordHashes(drafts, RECORD_SCHEMA_2);
  return drafts.map((draft, i): Leaf => {
    const [record] = draft.records;
    const providerIndex = record && providers.get(record.provider);
    if (!record || providerIndex === undefined) {
      throw new CheckFailedError(
        "pool.provider",
        `The leaf ${toHex(draft.activityKey)} has no provider of the manifest's list.`,
      );
    }
    const scenarioClass = classes.codeOf(record.scenario);
    if (scenarioClass === null)
      throw new CheckFailedError(
        "pool.scenario",
        `The list of scenario classes that batches are closed with does not have ${record.scenario}.`,
      );
    return {
      activityKey: draft.activityKey,
      nextActivityKey: (drafts[i + 1] ?? after)?.activityKey ?? LAST_ACTIVITY_KEY,
      methodologyId: draft.methodologyId,
      holderCommitment: commitments[i] as Uint8Array,
      recordHash: hashes[i] as Uint8Array,
      milligrams: draft.milligrams,
      day: draft.day,
      scenarioClass,
      providerIndex,
    };
  });
}
