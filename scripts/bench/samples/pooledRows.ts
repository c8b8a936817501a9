import { toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import { milligrams } from "../../../src/base/lib/mass.ts";
import type { ActivityKey, MethodologyId, SubjectKey, TenantId } from "../../../src/base/types/ids.ts";
import type { Day, MicroUnits, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { keccak } from "../../../src/format/keccak.ts";
import type { SaltKeyService } from "../../../src/stages/dedupe/ports.ts";
import type { PooledReduction } from "../../../src/stages/pool/ports.ts";

const PROVIDER = "demo-metro";
const METHODOLOGY = toHex(keccak(utf8("bench"))) as MethodologyId;
/** Whose rows they are. */
export const BENCH_TENANT = "bench" as TenantId;
/** Acts of one subject. */
const ACTS_A_SUBJECT = 3;

/** Reductions as the database hands them over, in the order of their keys, `rows` at a time. */
export async function pooledRows(
  count: number,
  rows: number,
  saltKeys: SaltKeyService,
): Promise<PooledReduction[][]> {
  const subjects = Array.from(
    { length: Math.ceil(count / ACTS_A_SUBJECT) },
    (_, i) => keccak(utf8(`subject ${String(i)}`)) as SubjectKey,
  );
  const stored = await saltKeys.newSaltKeys(
    BENCH_TENANT,
    subjects.map((subjectKey) => ({ subjectKey })),
  );
  const all = Array.from({ length: count }, (_, i): PooledReduction => {
    // Subjects in no order, as keys are in none.
    const subject = (i * 7919) % subjects.length;
    return {
      record: {
        provider: providerId(PROVIDER),
        recordId: `T20250618-${String(i).padStart(9, "0")}`,
        scenario: "metro",
        startedAt: (1_750_200_000 + (i % 80_000)) as UnixSeconds,
        endedAt: (1_750_201_200 + (i % 80_000)) as UnixSeconds,
        quantity: BigInt(1_000_000 + ((i * 104_729) % 30_000_000)) as MicroUnits,
        unit: "passenger-km",
      },
      methodologyId: METHODOLOGY,
      milligrams: milligrams(BigInt(1 + ((i * 7919) % 3_000_000))),
      day: 20_257 as Day,
      subjectKey: subjects[subject] as SubjectKey,
      activityKey: keyOf(i, count),
      storedSaltKey: stored[subject] as Uint8Array,
      evidence: null,
    };
  });
  return Array.from({ length: Math.ceil(count / rows) }, (_, i) => all.slice(i * rows, (i + 1) * rows));
}

/** Ascending, the rest of it as good as random. */
function keyOf(index: number, count: number): ActivityKey {
  const key = keccak(utf8(`key ${String(index)}`));
  new DataView(key.buffer).setUint32(0, Math.floor((index * 2 ** 32) / count));
  return key as ActivityKey;
}
