import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBatch, type StoredBatch } from "../../../src/adapters/storage/batches/batches.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { readKeyFile } from "../../../src/app/providers/keyFile.ts";
import { revokeProviderKey } from "../../../src/app/providers/revokeProviderKey.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import { publicKeyOf, signEd25519 } from "../../../src/format/ed25519.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import {
  recordSignatureMessage,
  signedRecordDigest,
  subjectDigest,
} from "../../../src/format/signing/signedRecord.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import type { Profile } from "../../../src/stages/ingest/schema/profileSchema.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { DAY, ingest, signingProvider, TODAY, type SigningProvider } from "./support/signing.ts";

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit,sig,key,nonce";
const START = Date.UTC(2025, 5, 18, 1, 0) / 1000;
const profileWith = (section: string): Profile =>
  parseProfile(`${shippedProfileText("canonical-csv")}\nsignature: ${section}\n`);
const SIGNED = profileWith("{ column: sig, key: { column: key }, nonce: nonce }");

/** What a provider's own system does with a ride. */
interface Ride {
  readonly id: string;
  readonly person?: string;
  readonly minute?: number;
  readonly kilometres?: string;
}

describe("rows that carry their provider's signature", () => {
  let place: Place;
  let context: Context;
  let seed: Uint8Array;
  let metro: SigningProvider;
  const rowOf = (
    ride: Ride,
    change: {
      by?: Uint8Array;
      provider?: string;
      claim?: Ride;
      key?: string;
      nonce?: string;
      form?: (signature: Uint8Array) => string;
    } = {},
  ): string => {
    const startedAt = START + 60 * (ride.minute ?? 0);
    const record: ActivityRecord = {
      provider: providerId(change.provider ?? metro.id),
      recordId: ride.id,
      scenario: "bike",
      startedAt: startedAt as never,
      endedAt: (startedAt + 1200) as never,
      quantity: BigInt(Math.round(Number(ride.kilometres ?? "2.5") * 1e6)) as never,
      unit: "km",
    };
    const nonce = keccak(new TextEncoder().encode(`nonce ${ride.id}`));
    const by = change.by ?? seed;
    const digest = signedRecordDigest(record, subjectDigest(nonce, ride.person ?? null));
    const signature = signEd25519(recordSignatureMessage(record.provider, publicKeyOf(by), digest), by);
    const { form = toHex } = change;
    const told = change.claim ?? ride;
    const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
    return [
      told.id,
      told.person ?? "",
      "bike",
      iso(startedAt),
      iso(startedAt + 1200),
      told.kilometres ?? "2.5",
      "km",
      form(signature),
      change.key ?? metro.keyId,
      change.nonce ?? (ride.person === undefined ? "" : toHex(nonce)),
    ].join(",");
  };
  const take = async (rows: readonly string[], change: { profile?: Profile; now?: number } = {}) => {
    const file = join(place.folder, "rows.csv");
    await writeFile(file, `${[HEADER, ...rows].join("\n")}\n`);
    const rejectsFile = join(place.folder, "rejects.csv");
    const profile = { ...(change.profile ?? SIGNED), provider: metro.profile.provider };
    return ingest(context, { profile }, file, {
      signature: null,
      rejectsFile,
      ...(change.now === undefined ? {} : { now: change.now }),
    });
  };

  let run = 0;
  const newProvider = async (options: Parameters<typeof signingProvider>[3] = {}): Promise<void> => {
    metro = await signingProvider(context, place.folder, `rows-${String(++run)}`, {
      validFrom: START - DAY,
      profile: SIGNED,
      ...options,
    });
    seed = await readKeyFile(metro.keyFile);
  };
  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
    await newProvider();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("are taken one by one: each bad one is refused with its reason, the others go on", async () => {
    const thief = keccak(seed);
    const rows: [row: string, outcome: string][] = [
      [rowOf({ id: "good", person: "a" }), ""],
      [rowOf({ id: "nobody", minute: 1 }), ""],
      [
        rowOf(
          { id: "base64url", person: "b" },
          { form: (bytes) => Buffer.from(bytes).toString("base64url") },
        ),
        "",
      ],
      [rowOf({ id: "unsigned", person: "c" }, { form: () => "" }), "signature.missing"],
      [
        rowOf({ id: "short", person: "c" }, { form: (bytes) => toHex(bytes.slice(1)) }),
        "signature.malformed",
      ],
      [rowOf({ id: "bare", person: "c" }, { nonce: "" }), "signature.malformed"],
      [rowOf({ id: "forged", person: "c" }, { by: thief }), "signature.invalid"],
      [
        rowOf({ id: "stranger", person: "c" }, { by: thief, key: `0x${"11".repeat(32)}` }),
        "signature.key-unknown",
      ],
      [
        rowOf({ id: "longer", person: "c" }, { claim: { id: "longer", person: "c", kilometres: "2.6" } }),
        "signature.invalid",
      ],
      [
        rowOf({ id: "renamed", person: "c" }, { claim: { id: "renamed-2", person: "c" } }),
        "signature.invalid",
      ],
      [
        rowOf({ id: "given away", person: "c" }, { claim: { id: "given away", person: "d" } }),
        "signature.invalid",
      ],
      [rowOf({ id: "anonymous", person: "c" }, { claim: { id: "anonymous" } }), "signature.invalid"],
      [rowOf({ id: "of another", person: "c" }, { provider: "another" }), "signature.invalid"],
    ];
    const report = await take(rows.map(([row]) => row));
    const expected: Record<string, number> = {};
    for (const [, code] of rows) if (code !== "") expected[code] = (expected[code] ?? 0) + 1;
    expect(report).toMatchObject({
      read: rows.length,
      accepted: 3,
      rejected: rows.length - 3,
      duplicates: 0,
    });
    expect(report.reasons).toEqual(expected);
    const rejects = (await readFile(join(place.folder, "rejects.csv"), "utf8"))
      .trimEnd()
      .split("\r\n")
      .slice(1);
    expect(rejects.map((line) => line.split('","')[2])).toEqual(
      rows.map(([, code]) => code).filter((code) => code !== ""),
    );
    expect(await take(rows.slice(0, 3).map(([row]) => row))).toMatchObject({ accepted: 0, duplicates: 3 });
  });

  it("need no key's id where the provider's keys can be tried, and may all name one", async () => {
    await newProvider();
    await signingProvider(context, place.folder, metro.id, { name: "second", validFrom: START - DAY });
    const tried = profileWith("{ column: sig, nonce: nonce }");
    expect(await take([rowOf({ id: "1", person: "t" })], { profile: tried })).toMatchObject({ accepted: 1 });
    const constant = profileWith(`{ column: sig, key: { constant: "${metro.keyId}" }, nonce: nonce }`);
    expect(await take([rowOf({ id: "2", person: "t", minute: 50 })], { profile: constant })).toMatchObject({
      accepted: 1,
    });
  });

  it("are judged by the key at the end of the act, and by the arrival once it is compromised", async () => {
    await newProvider({ validFrom: START + 1200, validTo: START + 1260 });
    const rows = [
      rowOf({ id: "1", person: "k-1", minute: -1 }),
      rowOf({ id: "2", person: "k-2" }),
      rowOf({ id: "3", person: "k-3", minute: 1 }),
    ];
    expect(await take(rows)).toMatchObject({ accepted: 1, reasons: { "signature.key-expired": 2 } });
    await newProvider();
    const clock = { now: () => (TODAY + 100) as never };
    const revoked = await revokeProviderKey(
      { ...context, clock },
      { provider: providerId(metro.id), keyId: metro.keyId, reason: "compromised", at: null },
    );
    expect(revoked.open).toBe(0);
    const late = [rowOf({ id: "1", person: "l" })];
    expect(await take(late, { now: TODAY + 101 })).toMatchObject({
      accepted: 0,
      reasons: { "signature.key-revoked": 1 },
    });
    expect(await take(late, { now: TODAY + 99 })).toMatchObject({ accepted: 1 });
  });

  it("may be unsigned where the provider's keys are optional, but never badly signed", async () => {
    await newProvider({ required: false });
    const bad = rowOf({ id: "2", person: "o", minute: 2 }, { by: keccak(seed) });
    expect(await take([rowOf({ id: "1", person: "o" }, { form: () => "" }), bad])).toMatchObject({
      accepted: 1,
      reasons: { "signature.invalid": 1 },
    });
  });

  it("travel to verifiers and into proofs", async () => {
    await context.db.execute("DELETE FROM facts; DELETE FROM records; DELETE FROM disposition_moves");
    await newProvider();
    await take(
      Array.from({ length: 9 }, (_, i) =>
        rowOf({ id: `ride-${String(i)}`, minute: i, ...(i % 2 ? { person: `v-${String(i)}` } : {}) }),
      ),
    );
    const closed = await closeBatch(context, { region: regionCode("WUHAN"), vintage: 2025 });
    const batch = (await findBatch(context.db, context.tenant, closed.batchId)) as StoredBatch;
    expect(decodeManifest(batch.manifest).providers).toMatchObject([
      { algorithm: "ed25519", signingKey: metro.publicKey, validFrom: START - DAY },
    ]);
    await mintBatch(context, { batch: batch.batchId, attestations: null });
    const proof = await proveAct(context, {
      provider: providerId(metro.id),
      recordId: "ride-3",
      disclose: true,
    });
    const verdict = await verifyProof(proof, { mode: "root", batches: [{ batchId: batch.batchId }] });
    expect(verdict.checked.join(" ")).toContain("1 disclosed record is signed by its provider");
  });

  it("need a nonce in the profile where it has a subject", () => {
    expect(() => profileWith("{ column: sig }")).toThrow(
      expect.objectContaining({ code: "profile.reference" }) as never,
    );
    expect(() => profileWith("{ column: sig, nonce: { join: nowhere, field: n } }")).toThrow(
      expect.objectContaining({ code: "profile.reference" }) as never,
    );
  });
});
