import { compareBytes, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { batchId, providerId, regionCode, tenantId } from "../../../src/base/lib/ids.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../../src/base/lib/time/units.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../src/base/types/deployment.ts";
import type { ActivityKey, BatchId, SubjectKey } from "../../../src/base/types/ids.ts";
import type { Methodology1 } from "../../../src/base/types/methodology.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { activityMessage, subjectlessMessage } from "../../../src/format/batch/keys.ts";
import { keccak } from "../../../src/format/keccak.ts";
import {
  encodeLeaf,
  holderCommitment,
  LAST_ACTIVITY_KEY,
  recordHash,
} from "../../../src/format/batch/leaf.ts";
import { batchIdOf, encodeManifest, type Manifest2 } from "../../../src/format/batch/manifest.ts";
import { methodologyIdOf, parseMethodology } from "../../../src/format/batch/methodology.ts";
import { canonicalRecords } from "../../../src/format/batch/record.ts";
import { SHIPPED_CLASS_LISTS } from "../../../src/format/batch/classes/classLists.ts";
import { scenarioClass } from "../../../src/format/batch/classes/scenarioClasses.ts";
import { buildSumTree, leafNode, type SumTree } from "../../../src/format/batch/sumTree.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import { devActivityKey, devKeyScheme, devSubjectKey } from "./keyVectors.ts";

/** A small batch that is whole: from records and keys to manifest and archive. */
export interface SampleBatch {
  readonly acts: readonly SampleAct[];
  readonly leaves: readonly Uint8Array[];
  readonly tree: SumTree;
  readonly manifest: Manifest2;
  readonly manifestBytes: Uint8Array;
  readonly batchId: BatchId;
  /** By path, the manifest too. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}
export interface SampleAct {
  readonly subjectKey: SubjectKey | null;
  readonly salt: Uint8Array;
  readonly records: readonly ActivityRecord[];
  readonly methodology: Methodology1;
  readonly milligrams: bigint;
  readonly activityKey: ActivityKey;
  readonly day: Day;
}

export const SAMPLE_CONTRACTS = Object.fromEntries(
  CONTRACT_NAMES.map((name, i) => [name, `0x${(i + 1).toString(16).repeat(40)}`]),
) as ContractAddresses;
const PROVIDERS = ["wuhan-bike", "wuhan-metro"];
const SHANGHAI_OFFSET = 8 * SECONDS_PER_HOUR;

const methodology = (code: string, scenario: string, unit: string, gramsPerUnit: string): Methodology1 =>
  parseMethodology({
    schema: "microtonne-methodology/1",
    code,
    version: "2025",
    title: `Wuhan trial methodology, ${scenario}`,
    region: "WUHAN",
    timeZone: "Asia/Shanghai",
    scenario,
    unit,
    gramsPerUnit,
    validFrom: "2024-01-01",
    validTo: "2026-12-31",
    caps: { unitsPerAct: null },
    source: "White Paper on Carbon Inclusion Development 2025, section 3.2",
  }) as Methodology1;
const METRO = methodology("WUHAN-METRO", "metro", "passenger-km", "78.4");
const BIKE = methodology("WUHAN-BIKE", "bike", "km", "93.3");

/**
 * [subject, provider, methodology, start, milli-units of each record]. The first starts in the UTC year
 * before its vintage.
 */
const ACTS: readonly [
  subject: string | null,
  provider: string,
  rule: Methodology1,
  start: string,
  milliUnits: number[],
][] = [
  ["subject-1", "wuhan-metro", METRO, "2025-12-31T16:00:10Z", [12_500]],
  ["subject-1", "wuhan-bike", BIKE, "2026-01-01T01:00:00Z", [1_250]],
  ["subject-2", "wuhan-metro", METRO, "2026-03-01T08:15:00Z", [3_000, 4_001]],
  [null, "wuhan-bike", BIKE, "2026-03-02T09:00:00Z", [777]],
  ["subject-3", "wuhan-metro", METRO, "2026-06-30T15:59:59Z", [20_000]],
];

export async function sampleBatch(): Promise<SampleBatch> {
  const acts = ACTS.map(sampleAct).toSorted((a, b) => compareBytes(a.activityKey, b.activityKey));
  const leaves = acts.map((act, i) =>
    encodeLeaf({
      activityKey: act.activityKey,
      nextActivityKey: acts[i + 1]?.activityKey ?? LAST_ACTIVITY_KEY,
      methodologyId: methodologyIdOf(act.methodology),
      holderCommitment: holderCommitment(act.subjectKey, act.salt),
      recordHash: recordHash(act.salt, act.records, "microtonne-record/2"),
      milligrams: act.milligrams as Milligrams,
      day: act.day,
      scenarioClass: scenarioClass(act.methodology.scenario).code,
      providerIndex: PROVIDERS.indexOf(act.records[0]?.provider ?? ""),
    }),
  );
  const files = new Map<string, Uint8Array>();
  const stream = new ArchiveStream({
    write: (path, bytes) => {
      files.set(path, bytes);
      return Promise.resolve();
    },
  });
  for (const leaf of leaves) await stream.push(leaf);
  const { root, total, leavesHash } = await stream.finish();
  const { version, hash } = SHIPPED_CLASS_LISTS.newest;
  const manifest: Manifest2 = {
    format: "microtonne-batch/2",
    category: "act",
    placeOfActs: regionCode("HUBEI"),
    hostCountry: "CN",
    correspondingAdjustment: "none",
    useBy: 21_914 as Day,
    title: { kind: "programme", documentHash: toHex(keccak(utf8("microtonne-vectors/title"))) },
    campaign: null,
    projects: [],
    scenarioClasses: { version, hash },
    plausibility: { version: 1, hash: toHex(keccak(utf8("microtonne-vectors/plausibility"))) },
    previousDeployment: { chainId: "31337", registry: `0x${"dd".repeat(20)}` },
    verification: {
      statementHash: toHex(keccak(utf8("microtonne-vectors/verification"))),
      level: "limited",
      opinion: "unmodified",
    },
    audience: { leaves: "public", tiles: "public" },
    chainId: "31337",
    contracts: SAMPLE_CONTRACTS,
    tenant: tenantId("demo"),
    operator: `0x${"ab".repeat(20)}`,
    region: regionCode("WUHAN"),
    vintage: { startDay: 20_454 as Day, endDay: 20_818 as Day, timeZone: "Asia/Shanghai", tzdata: "2025b" },
    leafCount: leaves.length,
    totalMilligrams: total,
    root: toHex(root),
    leavesHash: toHex(leavesHash),
    bufferBps: 250,
    claimPeriodDays: 90,
    keyScheme: devKeyScheme([2025, 2026]),
    subjectlessMilligrams: sum(acts.filter((act) => act.subjectKey === null)),
    methodologies: [METRO, BIKE].toSorted((a, b) => (methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1)),
    providers: PROVIDERS.map((id) => ({
      id: providerId(id),
      name: `Provider ${id}`,
      algorithm: "none",
      signingKey: null,
      validFrom: null,
      validTo: null,
    })),
    schemas: {
      leaf: "microtonne-leaf/1",
      record: "microtonne-record/2",
    },
    previousBatchId: batchId(`0x${"00".repeat(31)}07`),
    archive: { bundleLeaves: 256, tileNodes: 256 },
    createdAt: 1_790_000_000 as UnixSeconds,
  };
  const manifestBytes = encodeManifest(manifest);
  files.set("manifest.json", manifestBytes);
  return {
    acts,
    leaves,
    tree: buildSumTree(leaves.map(leafNode)),
    manifest,
    manifestBytes,
    batchId: batchIdOf(manifestBytes),
    files,
  };
}

function sampleAct(
  [subject, provider, rule, start, milliUnits]: (typeof ACTS)[number],
  place: number,
): SampleAct {
  const startedAt = (Date.parse(start) / 1000) as UnixSeconds;
  const records = milliUnits.map((quantity, i) => ({
    provider: providerId(provider),
    recordId: `${provider}-${String(place)}-${String(i)}`,
    scenario: rule.scenario,
    startedAt,
    endedAt: (startedAt + 1200) as UnixSeconds,
    quantity: (BigInt(quantity) * 1000n) as MicroUnits,
    unit: rule.unit,
  }));
  const [first] = records as [(typeof records)[number]];
  const subjectKey = subject === null ? null : devSubjectKey("deployment", subject);
  const message =
    subjectKey === null
      ? subjectlessMessage(first)
      : activityMessage(subjectKey, scenarioClass(rule.scenario).code, startedAt);
  // Tenths of a gram per unit times thousandths of a unit are tenths of a milligram.
  const tenths = BigInt(rule.gramsPerUnit.replace(".", ""));
  return {
    subjectKey,
    salt: keccak(utf8(`microtonne-vectors/salt/${String(place)}`)),
    records,
    methodology: rule,
    milligrams: milliUnits.reduce((total, quantity) => total + (tenths * BigInt(quantity)) / 10n, 0n),
    activityKey: devActivityKey(message),
    day: Math.floor((startedAt + SHANGHAI_OFFSET) / SECONDS_PER_DAY) as Day,
  };
}

function sum(acts: readonly SampleAct[]): Milligrams {
  return acts.reduce((total, act) => total + act.milligrams, 0n) as Milligrams;
}

/** The batch as a vector: everything in full. */
export async function batchVectors(): Promise<Record<string, unknown>> {
  const batch = await sampleBatch();
  return {
    about:
      "A whole batch of five acts under scheme hmac-dev: what is confidential (subject keys, salts, " +
      "records), the leaves that follow, the manifest's bytes and the archive's files.",
    acts: batch.acts.map((act, i) => ({
      subjectKey: act.subjectKey === null ? null : toHex(act.subjectKey),
      salt: toHex(act.salt),
      records: canonicalRecords(act.records, "microtonne-record/2"),
      methodologyId: methodologyIdOf(act.methodology),
      activityKey: toHex(act.activityKey),
      milligrams: act.milligrams.toString(),
      day: act.day,
      leaf: toHex(batch.leaves[i] as Uint8Array),
    })),
    manifest: new TextDecoder().decode(batch.manifestBytes),
    batchId: batch.batchId,
    root: toHex(batch.tree.root),
    total: batch.tree.total.toString(),
    files: Object.fromEntries([...batch.files].map(([path, bytes]) => [path, toHex(bytes)])),
  };
}
