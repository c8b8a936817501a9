import { compareBytes, concatBytes, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { localDay } from "../../../../src/base/lib/time/zone.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../../src/base/types/deployment.ts";
import type { ActivityKey, Address, BatchId, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { MicroUnits, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  encodeLeaf,
  holderCommitment,
  LAST_ACTIVITY_KEY,
  recordHash,
  type Leaf,
} from "../../../../src/format/batch/leaf.ts";
import {
  batchIdOf,
  encodeManifest,
  parseManifest,
  type Manifest,
  type Manifest2,
} from "../../../../src/format/batch/manifest.ts";
import { methodologyIdOf, parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { scenarioClass } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { buildSumTree, leafNode, type SumTree } from "../../../../src/format/batch/sumTree.ts";

/** What stands behind a sample leaf. */
export interface SampleAct {
  readonly salt: Uint8Array;
  readonly subjectKey: SubjectKey | null;
  readonly records: readonly ActivityRecord[];
}

export interface SampleBatch {
  readonly batchId: BatchId;
  readonly manifest: Manifest2;
  readonly leaves: readonly Uint8Array[];
  readonly acts: readonly SampleAct[];
  readonly tree: SumTree;
}

export const CHAIN_ID = 31337;
export const CONTRACTS = Object.fromEntries(
  CONTRACT_NAMES.map((name) => [name, sampleAddress(name)]),
) as unknown as ContractAddresses;
export const OPERATOR = sampleAddress("operator");
const TIME_ZONE = "Asia/Singapore";
/** 2017-09-11T00:00 in Singapore. */
const FIRST_MOMENT = Date.UTC(2017, 8, 10, 16) / 1000;

const bike = parseMethodology({
  schema: "microtonne-methodology/1",
  code: "TEST-BIKE",
  version: "1",
  title: "Bike sharing",
  region: "SGP",
  timeZone: TIME_ZONE,
  scenario: "bike",
  unit: "km",
  gramsPerUnit: "93.3",
  validFrom: "2017-01-01",
  validTo: "2017-12-31",
  caps: { unitsPerAct: null },
  source: "A sample for tests.",
});
const metro: Methodology = parseMethodology({
  ...bike,
  code: "TEST-METRO",
  title: "Metro",
  scenario: "metro",
  unit: "passenger-km",
  gramsPerUnit: "78.4",
  caps: { unitsPerAct: "30" },
});
export const METHODOLOGIES = [bike, metro].toSorted((a, b) =>
  methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1,
);

/** 32 bytes that follow from a name. */
export function sampleWord(name: string): Uint8Array {
  return keccak(utf8(name));
}

export function sampleAddress(name: string): Address {
  return toHex(sampleWord(`address ${name}`).slice(12));
}

/** Milligrams by hand: grams per unit times ten, times micro-units, capped, over ten thousand. */
export function sampleMilligrams({ scenario, quantity }: ActivityRecord): bigint {
  return scenario === "bike"
    ? (quantity * 933n) / 10_000n
    : ((quantity < 30_000_000n ? quantity : 30_000_000n) * 784n) / 10_000n;
}

/**
 * A batch of `count` leaves that follows from `seed`. Every third leaf names no subject, every fifth has two
 * records.
 * @param change rewrites a leaf before it is encoded, to make batches that are wrong but well proven
 */
export function sampleBatch(
  seed: string,
  count: number,
  change: { leaf?: (leaf: Leaf, index: number) => Leaf; manifest?: Partial<Manifest2> } = {},
): SampleBatch {
  const drafts = Array.from({ length: count }, (_, i) => draft(`${seed} ${String(i)}`, i)).toSorted((a, b) =>
    compareBytes(a.leaf.activityKey, b.leaf.activityKey),
  );
  const leaves = drafts.map(({ leaf }, i) => {
    const linked = { ...leaf, nextActivityKey: drafts[i + 1]?.leaf.activityKey ?? LAST_ACTIVITY_KEY };
    return encodeLeaf(change.leaf?.(linked, i) ?? linked);
  });
  const tree = buildSumTree(leaves.map(leafNode));
  const { version, hash } = SHIPPED_CLASS_LISTS.newest;
  const manifest: Manifest2 = {
    format: "microtonne-batch/2",
    category: "act",
    placeOfActs: bike.region,
    hostCountry: "SG",
    correspondingAdjustment: "none",
    useBy: null,
    title: { kind: "consent-scope", documentHash: toHex(sampleWord("title")) },
    campaign: null,
    projects: [],
    scenarioClasses: { version, hash },
    plausibility: { version: 1, hash: toHex(sampleWord("plausibility")) },
    previousDeployment: null,
    verification: null,
    audience: { leaves: "public", tiles: "public" },
    chainId: String(CHAIN_ID),
    contracts: CONTRACTS,
    tenant: "sample" as Manifest["tenant"],
    operator: OPERATOR,
    region: bike.region,
    vintage: { startDay: 17_420 as never, endDay: 17_440 as never, timeZone: TIME_ZONE, tzdata: "2025b" },
    leafCount: count,
    totalMilligrams: tree.total,
    root: toHex(tree.root),
    leavesHash: toHex(keccak(concatBytes(...leaves))),
    bufferBps: 500,
    claimPeriodDays: 90,
    keyScheme: [{ year: 2017, subject: toHex(sampleWord("subject")), dedupe: toHex(sampleWord("dedupe")) }],
    subjectlessMilligrams: 0n as Milligrams,
    methodologies: METHODOLOGIES,
    providers: [
      {
        id: "bikes" as never,
        name: "Bikes",
        algorithm: "none",
        signingKey: null,
        validFrom: null,
        validTo: null,
      },
      {
        id: "trains" as never,
        name: "Trains",
        algorithm: "none",
        signingKey: null,
        validFrom: null,
        validTo: null,
      },
    ],
    schemas: { leaf: "microtonne-leaf/1", record: "microtonne-record/2" },
    previousBatchId: null,
    archive: { bundleLeaves: 256, tileNodes: 256 },
    createdAt: 1_505_300_000 as UnixSeconds,
    ...change.manifest,
  };
  const bytes = encodeManifest(manifest);
  return {
    batchId: batchIdOf(bytes),
    manifest: parseManifest(JSON.parse(new TextDecoder().decode(bytes))) as Manifest2,
    leaves,
    acts: drafts.map(({ act }) => act),
    tree,
  };
}

function draft(name: string, i: number): { leaf: Leaf; act: SampleAct } {
  const chance = sampleWord(name);
  const salt = sampleWord(`salt ${name}`);
  const subjectKey = i % 3 === 2 ? null : (sampleWord(`subject ${name}`) as SubjectKey);
  const methodology = i % 2 === 0 ? bike : metro;
  const startedAt = (FIRST_MOMENT + 60 * ((chance[0] as number) * 7 + (i % 10_000))) as UnixSeconds;
  const record = (part: number): ActivityRecord => ({
    provider: (i % 2 === 0 ? "bikes" : "trains") as never,
    recordId: `${name} ${String(part)}`,
    scenario: methodology.scenario,
    startedAt,
    endedAt: null,
    quantity: (1_000_000n +
      BigInt(new DataView(chance.buffer).getUint32(4 * part + 4) % 50_000_000)) as MicroUnits,
    unit: methodology.unit,
  });
  const records = i % 5 === 4 && subjectKey ? [record(0), record(1)] : [record(0)];
  const leaf: Leaf = {
    activityKey: sampleWord(`key ${name}`) as ActivityKey,
    nextActivityKey: LAST_ACTIVITY_KEY,
    methodologyId: methodologyIdOf(methodology),
    holderCommitment: holderCommitment(subjectKey, salt),
    recordHash: recordHash(salt, records, "microtonne-record/2"),
    milligrams: records.reduce((sum, one) => sum + sampleMilligrams(one), 0n) as Milligrams,
    day: localDay(TIME_ZONE, startedAt),
    scenarioClass: scenarioClass(methodology.scenario).code,
    providerIndex: i % 2,
  };
  return { leaf, act: { salt, subjectKey, records } };
}
