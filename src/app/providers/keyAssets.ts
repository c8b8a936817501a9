import { toHex } from "../../base/lib/bytes.ts";
import type { SubjectKeyService } from "../../stages/dedupe/ports.ts";
import type { RowOutcome } from "../../stages/ingest/readActivities.ts";

/**
 * Rows with the keys of their assets in place of the assets' numbers. The key service makes them as it makes
 * subjects' keys, in a scope that no subject has: one for each kind of asset, the same for all platforms, so
 * that a vehicle that two of them name is one.
 */
export async function keyAssets(
  subjects: SubjectKeyService,
  outcomes: readonly RowOutcome[],
): Promise<readonly RowOutcome[]> {
  const assets = outcomes.flatMap((outcome) =>
    outcome.kind === "record" && outcome.asset ? [outcome.asset] : [],
  );
  if (assets.length === 0) return outcomes;
  const keys = await subjects.subjectKeys(
    assets.map(({ kind, number }) => ({ scope: `asset/${kind}`, identifier: number })),
  );
  let next = 0;
  return outcomes.map((outcome) => {
    if (outcome.kind !== "record" || !outcome.asset) return outcome;
    const { asset, ...rest } = outcome;
    const key = toHex(keys[next++] as Uint8Array);
    return { ...rest, record: { ...rest.record, asset: { kind: asset.kind, key } } };
  });
}
