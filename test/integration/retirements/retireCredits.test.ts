/** Two vintages of two host countries in one folder: what is retired of them, planned, refused and told. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { confidentialLeaves } from "../../../src/app/batches/confidentialLeaves.ts";
import { describeBatch, type BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { proveAbsence } from "../../../src/app/proofs/proveAbsence.ts";
import { proveAct, proveKey } from "../../../src/app/proofs/proveAct.ts";
import { proveAnyRetirement } from "../../../src/app/proofs/proveAnyRetirement.ts";
import { proveOthersRetirement } from "../../../src/app/proofs/proveOthersRetirement.ts";
import { proveRetirement } from "../../../src/app/proofs/proveRetirement.ts";
import {
  describeRetirement,
  describeRetirements,
  type RetirementDescription,
} from "../../../src/app/retirements/describeRetirement.ts";
import {
  planRetirement,
  retireCredits,
  type RetireRequest,
} from "../../../src/app/retirements/retireCredits.ts";
import { findRecord } from "../../../src/adapters/storage/reductions/findRecord.ts";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { insertRetirement } from "../../../src/adapters/storage/retirements/retirements.ts";
import { findRetirement } from "../../../src/adapters/storage/retirements/findRetirement.ts";
import { fromHex } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode, retirementId } from "../../../src/base/lib/ids.ts";
import { formatTonnes, milligrams } from "../../../src/base/lib/mass.ts";
import type { ActivityKey } from "../../../src/base/types/ids.ts";
import { serialText } from "../../../src/format/batch/serial.ts";
import { decodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { refusedFor } from "../../support/refusedFor.ts";

const WUHAN = regionCode("WUHAN");
const PROVIDER = providerId("canonical");
const NOBODYS = `0x${"77".repeat(32)}`;
let place: Place;
let context: Context;
let older: BatchDescription;
let newer: BatchDescription;

const request = (amount: bigint, more: Partial<RetireRequest> = {}): RetireRequest => ({
  amount: milligrams(amount),
  purpose: "event-neutrality",
  beneficiary: { name: "A fair", lei: null },
  use: null,
  reportingYear: null,
  country: null,
  batch: null,
  reference: null,
  ...more,
});
const totalOf = ({ totalMilligrams }: BatchDescription) => BigInt(totalMilligrams);
const held = ({ mintedMilligrams }: BatchDescription) => BigInt(mintedMilligrams);
const refusal = async (more: Partial<RetireRequest>, amount = 1n) =>
  planRetirement(context, request(amount, more)).then(
    () => "nothing was refused",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
/** A folder of the same chain that looks at nothing of its own. */
const elsewhere = (): Context => ({ ...context, tenant: "stranger" as Context["tenant"] });

beforeAll(async () => {
  place = await newPlace(null);
  context = await place.open();
  const file = join(place.folder, "rides.csv");
  const rides = [2025, 2026].flatMap((year) =>
    [1, 2, 3].map((day) => {
      const at = `${String(year)}-01-0${String(day)}T08`;
      const times = `${at}:00:00+08:00,${at}:30:00+08:00`;
      return `r${String(year)}-${String(day)},rider,metro,${times},12.5,passenger-km`;
    }),
  );
  writeFileSync(file, `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rides.join("\n")}\n`);
  const profile = parseProfile(shippedProfileText("canonical-csv"));
  const paths = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
  await ingestFile(context, { file, profile, ...paths });
  older = await closeBatch(context, { region: WUHAN, vintage: 2025 });
  const terms = { ...context.config.terms, hostCountry: "CL" };
  const abroad = { ...context, config: { ...context.config, terms } };
  newer = await closeBatch(abroad, { region: WUHAN, vintage: 2026 });
  for (const batch of [older, newer]) await mintBatch(context, { batch: batch.batchId, attestations: null });
  older = await describeBatch(context, older.batchId);
  newer = await describeBatch(context, newer.batchId);
});
afterAll(async () => {
  await context.close();
  await place.remove();
});

describe("a batch", () => {
  it("is told with its days, its masses and its terms", () => {
    expect(older).toMatchObject({
      state: "minted",
      region: "WUHAN",
      firstDay: "2025-01-01",
      lastDay: "2025-12-31",
      leafCount: 3,
      retiredMilligrams: "0",
      terms: { hostCountry: "CN", audience: { leaves: "public", tiles: "public" } },
      archive: context.archive.pathOf(older.batchId),
    });
    expect(newer).toMatchObject({ firstDay: "2026-01-01", terms: { hostCountry: "CL" } });
    expect(older.totalTonnes).toBe(formatTonnes(milligrams(totalOf(older))));
    expect(held(older)).toBe(totalOf(older) - BigInt(older.bufferMilligrams));
    expect(BigInt(older.bufferMilligrams)).toBeGreaterThan(0n);
  });

  it("tells a verifier of no cut where no methodology caps days or years", async () => {
    const batch = await knownBatch(context.db, context.tenant, older.batchId);
    for await (const leaves of confidentialLeaves(context, batch))
      for (const leaf of leaves) expect(leaf).not.toHaveProperty("cutTo");
  });

  it("proves its acts, as they are on chain, and that a key is in none of its leaves", async () => {
    const act = { provider: PROVIDER, recordId: "r2025-2" };
    const bare = decodeProofFile(await proveAct(context, { ...act, disclose: false }));
    const told = decodeProofFile(await proveAct(context, { ...act, disclose: true }));
    expect(bare).toMatchObject({ kind: "act", format: "microtonne-proof/1", chainId: "31337" });
    expect(bare.block).toBeDefined();
    expect(bare.parts).toMatchObject([{ batchId: older.batchId, strikes: [] }]);
    expect(bare.parts[0]?.attesters).toHaveLength(2);
    expect(bare.parts[0]?.acts?.[0]).not.toHaveProperty("disclosed");
    expect(told.parts[0]?.acts?.[0]?.disclosed?.records).toMatchObject([{ recordId: "r2025-2" }]);

    const absent = fromHex(NOBODYS) as ActivityKey;
    expect(await proveAbsence(context, older.batchId, absent)).toMatchObject({ batchId: older.batchId });
    await expect(proveKey(context, older.batchId, absent, false)).rejects.toMatchObject({
      code: "record.not-in-batch",
      message: `The archive of batch ${older.batchId} has no leaf for the key.`,
      remedy: {
        act: "verify-archive",
        batchId: older.batchId,
        path: context.archive.pathOf(older.batchId),
      },
    });
    const record = await findRecord(context.db, context.tenant, PROVIDER, "r2025-2");
    const key = record?.activityKey as ActivityKey;
    await expect(proveAbsence(context, older.batchId, key)).rejects.toEqual(refusedFor("absence.present"));
    await expect(proveAbsence(context, "0x1234567", absent)).rejects.toEqual(refusedFor("batch.unknown"));
    await expect(proveAct(context, { ...act, recordId: "no", disclose: false })).rejects.toEqual(
      refusedFor("record.unknown"),
    );
  });
});

describe("a retirement that is planned", () => {
  it("takes the oldest first, for its year and its country", async () => {
    expect(await planRetirement(context, request(held(older)))).toEqual({
      milligrams: older.mintedMilligrams,
      tonnes: formatTonnes(milligrams(held(older))),
      purpose: "event-neutrality",
      reportingYear: 2025,
      country: "CN",
      beneficiary: { name: "A fair", lei: null },
      takes: [{ batchId: older.batchId, vintage: 2025, milligrams: older.mintedMilligrams }],
      warnings: [],
    });
    // Of one batch, whole or by its first digits.
    for (const batch of [newer.batchId, newer.batchId.slice(0, 12)])
      expect(await planRetirement(context, request(7n, { batch }))).toMatchObject({
        reportingYear: 2026,
        country: "CL",
        takes: [{ batchId: newer.batchId, vintage: 2026, milligrams: "7" }],
      });
  });

  it("says what stands out, and takes what was asked for as it was", async () => {
    const more = { reportingYear: 2025, country: "DE" } as const;
    const plan = await planRetirement(context, request(held(older) + 1n, more));
    expect(plan).toMatchObject({
      ...more,
      warnings: [
        "It would be reported for 2025, and takes from the vintage 2026: acts that took place after that " +
          "year.",
      ],
    });
    expect(plan.takes.map(({ batchId, milligrams: taken }) => [batchId, taken])).toEqual(
      (
        [
          [older.batchId, older.mintedMilligrams],
          [newer.batchId, "1"],
        ] as const
      ).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  it("is refused in a sentence, and nothing is entered", async () => {
    const both = held(older) + 1n;
    expect(await refusal({ country: "CN" }, both)).toBe(
      "retire.year: The amount takes from the vintages 2025 and 2026, so nothing says which year it is " +
        "reported for.",
    );
    expect(await refusal({ reportingYear: 2026 }, both)).toBe(
      "retire.country: The amount takes from batches of the host countries CL and CN, so nothing says in " +
        "which country it is claimed.",
    );
    const all = held(older) + held(newer);
    const tonnes = (mass: bigint) => formatTonnes(milligrams(mass));
    expect(await refusal({}, all + 1n)).toBe(
      `retire.insufficient: ${tonnes(all + 1n)} t are asked for, ${tonnes(all)} t are held. Retire less, ` +
        "or mint or receive more first.",
    );
    expect(await refusal({ batch: older.batchId }, held(older) + 1n)).toMatch(/^retire\.insufficient: /);
    expect(await refusal({}, 0n)).toMatch(/^retire\.nothing: The amount to retire is zero\. /);
    expect(await refusal({ batch: "0x" })).toMatch(/^id\.prefix: /);
    expect(await refusal({ batch: NOBODYS })).toMatch(/^batch\.unknown: There is no batch /);
    for (const [more, sentence] of [
      [{ country: "china" }, "A country is two capital letters of ISO 3166-1, such as CN."],
      [{ beneficiary: { name: " ", lei: null } }, "A beneficiary's name has 1 to 500 characters."],
      [
        { beneficiary: { name: "A", lei: "nobody" } },
        "An LEI has 20 and a USCC 18 digits and capital letters.",
      ],
      [{ use: "x".repeat(2_001) }, "The text of what it is used for has at most 2,000 characters."],
    ] as const)
      expect(await refusal(more)).toBe(`retire.terms: ${sentence}`);
    const authority = regionCode("GD");
    const sentence = (day: string) =>
      `recognition.not-recognised: GD does not recognise credits of WUHAN for event-neutrality on ${day}: ` +
      "no rules of recognition of GD are known here. Retire credits that it recognises, or leave out who " +
      "recognises them.";
    const day = () => new Date().toISOString().slice(0, 10);
    const before = day();
    const said = await refusal({ recognition: { authority, claim: milligrams(1n) } });
    expect([sentence(before), sentence(day())]).toContain(said);
    expect(await describeRetirements(context)).toEqual([]);
  });
});

describe("a retirement", () => {
  let done: RetirementDescription;
  const asked = () =>
    request(5n, {
      beneficiary: { name: "Café", lei: "91350100M000100Y43" },
      use: "The fair of May",
      reference: "invoice 7",
      recognition: { authority: WUHAN, claim: milligrams(5n) },
    });

  it("is told as it was asked for and as the chain has it", async () => {
    const before = systemClock.now();
    done = await retireCredits(context, asked());
    expect(done).toEqual({
      retirementId: done.retirementId,
      state: "final",
      purpose: "event-neutrality",
      milligrams: "5",
      tonnes: "0.000000005",
      serials: [
        serialText({ region: WUHAN, year: 2025, batchId: older.batchId, start: 0n, end: 5n } as never),
      ],
      reportingYear: 2025,
      country: "CN",
      beneficiary: { name: "Café", lei: "91350100M000100Y43" },
      use: "The fair of May",
      // Its own region's credits an authority recognises whole, by no rule.
      recognition: {
        authority: "WUHAN",
        rulesHash: null,
        claimMilligrams: "5",
        recognisedMilligrams: "5",
      },
      requestedAt: done.requestedAt,
      retiredAt: done.retiredAt,
      failure: null,
      proven: true,
    });
    expect(Date.parse(done.requestedAt) / 1000).toBeGreaterThanOrEqual(before);
    expect(await describeBatch(context, older.batchId)).toMatchObject({ retiredMilligrams: "5" });
  });

  it("is found by its first digits, and among all", async () => {
    expect(await describeRetirement(context, done.retirementId.slice(0, 12))).toEqual(done);
    expect(await describeRetirements(context)).toEqual([done]);
    await expect(describeRetirement(context, NOBODYS)).rejects.toEqual(refusedFor("retirement.unknown"));
  });

  it("happens once under its reference, and for nothing else", async () => {
    expect(await retireCredits(context, asked())).toEqual(done);
    for (const more of [
      { amount: milligrams(6n) },
      { use: null },
      { purpose: "product-neutrality" as const },
      { country: "DE" },
      { reportingYear: 2026 },
      { beneficiary: { name: "Another", lei: null } },
      { recognition: { authority: WUHAN, claim: milligrams(4n) } },
    ])
      await expect(retireCredits(context, { ...asked(), ...more })).rejects.toMatchObject({
        code: "retire.reference",
        message:
          "This reference was used for a retirement with other terms. Choose another reference, or repeat " +
          "the same terms.",
      });
    // Said once more, and the same.
    expect(await retireCredits(context, { ...asked(), country: "CN", reportingYear: 2025 })).toEqual(done);
    // Under another reference, or under none, it is another one.
    const others = [
      await retireCredits(context, { ...asked(), reference: "invoice 8" }),
      await retireCredits(context, { ...asked(), reference: null, recognition: undefined as never }),
    ];
    expect(new Set([done, ...others].map((one) => one.retirementId)).size).toBe(3);
    expect(others[0]?.serials).not.toEqual(done.serials);
    expect(others[1]?.recognition).toBeNull();
    expect(await describeBatch(context, older.batchId)).toMatchObject({ retiredMilligrams: "15" });
    expect((await describeRetirements(context)).map((one) => one.retirementId)).toEqual(
      [done, ...others].map((one) => one.retirementId),
    );
  });

  it("is proven once and kept; with every leaf where that is asked for", async () => {
    const proof = await proveRetirement(context, done.retirementId);
    expect(await proveRetirement(context, done.retirementId.slice(0, 14))).toEqual(proof);
    expect(await proveRetirement(context, done.retirementId, { allLeaves: true })).toEqual(proof);
    expect(decodeProofFile(proof)).toMatchObject({
      kind: "retirement",
      format: "microtonne-proof/2",
      parts: [{ batchId: older.batchId }],
      retirement: { disclosed: { use: "The fair of May" } },
    });
    await expect(proveRetirement(context, NOBODYS)).rejects.toEqual(refusedFor("retirement.unknown"));
  });

  it("of another folder is proven from the chain and the archives, and tells nothing more", async () => {
    const id = retirementId(done.retirementId);
    const archives = () => [context.archive.reader(older.batchId)];
    const stranger = elsewhere();
    const proof = await proveAnyRetirement(stranger, id.toUpperCase().replace("0X", "0x"), { archives });
    expect(decodeProofFile(proof).retirement).not.toHaveProperty("disclosed");
    expect(decodeProofFile(proof)).toMatchObject({ format: "microtonne-proof/1", parts: [{ strikes: [] }] });
    expect(decodeProofFile(await proveOthersRetirement(context, null, id, { archives })).parts).toEqual(
      decodeProofFile(proof).parts,
    );
    // One's own is one's own.
    expect(await proveAnyRetirement(context, id, {})).toEqual(await proveRetirement(context, id));
    // Another batch's archive is none of it, nor is none.
    for (const wrong of [() => [context.archive.reader(newer.batchId)], () => []])
      await expect(proveAnyRetirement(stranger, id, { archives: wrong })).rejects.toMatchObject({
        code: "prove.archive",
        message:
          `Batch ${older.batchId} was made elsewhere, and no archive of it is at hand. Its operator ` +
          "has one.",
      });
    await expect(proveAnyRetirement(stranger, NOBODYS, {})).rejects.toMatchObject({
      code: "retirement.unknown",
      message: `There is no retirement ${NOBODYS} here, and none on the chain 31337.`,
    });
  });

  it("that is not final is told so, and not proven", async () => {
    const known = await findRetirement(context.db, context.tenant, done.retirementId);
    if (known === null) throw new Error("It is gone.");
    const id = retirementId(`0x${"5e".repeat(32)}`);
    const plan = { ...known, retirementId: id, disclosed: null, nonce: id };
    const { deployment, operator } = await context.chain();
    const [to, from] = [deployment.contracts.RetirementRegistry, operator.address];
    const intent = { key: `retire:${id}`, kind: "retire", from, to, data: "0x" } as const;
    await insertRetirement(context.db, context.tenant, plan, intent);
    expect(await describeRetirement(context, id)).toMatchObject({
      state: "requested",
      serials: [],
      beneficiary: { name: "", lei: null },
      use: "",
      recognition: null,
      retiredAt: null,
      proven: false,
    });
    await expect(proveRetirement(context, id)).rejects.toMatchObject({
      code: "retirement.not-final",
      message: `The retirement ${id} is not final yet. Run the retire command again.`,
    });
  });
});
