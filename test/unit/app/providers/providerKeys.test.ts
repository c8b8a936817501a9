/** A provider's keys and signed files in an operator's book, on one embedded database. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveSignedFile } from "../../../../src/adapters/storage/providers/signedFiles.ts";
import type { Context } from "../../../../src/app/context.ts";
import { addProviderKey } from "../../../../src/app/providers/addProviderKey.ts";
import { EvidenceReader } from "../../../../src/app/providers/evidenceReader.ts";
import { listProviderKeys } from "../../../../src/app/providers/listProviderKeys.ts";
import { revokeProviderKey } from "../../../../src/app/providers/revokeProviderKey.ts";
import { bigEndian, concatBytes, toHex } from "../../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../../src/base/lib/ids.ts";
import type { RevocationReason } from "../../../../src/base/types/providerKey.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import type { StoredEvidence } from "../../../../src/base/types/storedEvidence.ts";
import { publicKeyOf } from "../../../../src/format/ed25519.ts";
import { DigestTreeStream, rootOfPath } from "../../../../src/format/signing/digestTree.ts";
import { decodeEvidence } from "../../../../src/format/signing/recordEvidence.ts";
import { providerKeyId } from "../../../../src/format/signing/signedRecord.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";

/** 2026-03-01T00:00:00Z */
const NOW = 1_772_323_200;
const keyOf = (seed: number): string => toHex(publicKeyOf(new Uint8Array(32).fill(seed)));
const idOf = (seed: number): string => providerKeyId(publicKeyOf(new Uint8Array(32).fill(seed)));
const METRO = providerId("metro");
const BUS = providerId("bus");
const word = (fill: number) => new Uint8Array(32).fill(fill);

let place: Place;
let context: Context;
beforeAll(async () => {
  place = await newPlace(null);
  context = await place.open({ now: () => NOW as UnixSeconds });
});
afterAll(async () => {
  await context.close();
  await place.remove();
});
const add = (provider: typeof METRO, publicKey: string, more: object = {}) =>
  addProviderKey(context, {
    provider,
    publicKey,
    validFrom: null,
    validTo: null,
    required: true,
    ...more,
  });
const revoke = (keyId: string, reason: RevocationReason, at: number | null = null, provider = METRO) =>
  revokeProviderKey(context, { provider, keyId, reason, at: at as UnixSeconds | null });

describe("a provider's key", () => {
  it("holds from now on without an end where nothing else is said, and is listed by provider", async () => {
    const first = await add(METRO, keyOf(1));
    expect(first).toEqual({
      provider: "metro",
      keyId: idOf(1),
      publicKey: keyOf(1),
      validFrom: "2026-03-01T00:00:00Z",
      validTo: null,
      required: true,
      revokedAt: null,
      reason: null,
    });
    const window = { validFrom: (NOW - 60) as UnixSeconds, validTo: (NOW + 60) as UnixSeconds };
    const second = await add(METRO, keyOf(2).toUpperCase().replace("0X", "0x"), {
      ...window,
      required: false,
    });
    expect(second).toMatchObject({
      publicKey: keyOf(2),
      validFrom: "2026-02-28T23:59:00Z",
      validTo: "2026-03-01T00:01:00Z",
      required: false,
    });
    const other = await add(BUS, keyOf(3));
    expect(await listProviderKeys(context, null)).toEqual([other, second, first]);
    expect(await listProviderKeys(context, METRO)).toEqual([second, first]);
    const stranger = { db: context.db, tenant: tenantId("stranger") };
    expect(await listProviderKeys(stranger, null)).toEqual([]);
  });

  it.each(["", "0x", "0x12", keyOf(4).slice(2), `${keyOf(4)}0`, `0x${"f".repeat(64)}`])(
    "is refused where it is none: %j",
    async (publicKey) => {
      for (const required of [true, false])
        await expect(add(METRO, publicKey, { required })).rejects.toMatchObject({
          code: "provider-key.malformed",
        });
    },
  );

  it("is entered once; another window or requirement for it is refused", async () => {
    const again = await add(BUS, keyOf(3));
    expect(await listProviderKeys(context, BUS)).toEqual([again]);
    for (const more of [{ required: false }, { validTo: (NOW + 9) as UnixSeconds }])
      await expect(add(BUS, keyOf(3), more)).rejects.toMatchObject({ code: "provider-key.exists" });
    await expect(add(BUS, keyOf(5), { validTo: NOW as UnixSeconds })).rejects.toMatchObject({
      code: "provider-key.window",
    });
  });
});

describe("a key that is revoked", () => {
  it("is named by four digits of its id at least, with 0x or without, of that provider alone", async () => {
    const id = idOf(1);
    const refusal = {
      code: "provider-key.unknown",
      message: "metro has not one key here whose id begins so.",
      remedy: { act: "list-provider-keys" },
    };
    for (const wanted of ["", "0x", id.slice(0, 5), id.slice(2, 5), `${id}0`, idOf(3)])
      await expect(revoke(wanted, "retired")).rejects.toMatchObject(refusal);
    const revoked = await revoke(id.slice(0, 6).toUpperCase().replace("0X", "0x"), "retired");
    expect(revoked).toMatchObject({
      key: { keyId: id, reason: "retired", revokedAt: "2026-03-01T00:05:01Z", validTo: null },
      open: 0,
      elsewhere: 0,
      batches: [],
    });
    expect((await listProviderKeys(context, METRO)).map(({ reason }) => reason)).toEqual([null, "retired"]);
  });

  it("is compromised from now on, retired or not, or from an earlier time on", async () => {
    await expect(revoke(idOf(1), "retired", NOW + 900)).rejects.toMatchObject({
      code: "provider-key.revoked",
    });
    const { key } = await revoke(idOf(1).slice(2), "compromised");
    expect(key).toMatchObject({ reason: "compromised", revokedAt: "2026-03-01T00:00:00Z" });
    const early = await revoke(idOf(1), "compromised", NOW - 3600);
    expect(early.key).toMatchObject({ reason: "compromised", revokedAt: "2026-02-28T23:00:00Z" });
    expect(await listProviderKeys(context, METRO)).toContainEqual(early.key);
  });

  it("is compromised in the past and retired in time to come", async () => {
    await expect(revoke(idOf(2), "compromised", NOW + 1)).rejects.toMatchObject({
      code: "provider-key.time",
    });
    await expect(revoke(idOf(2), "retired", NOW)).rejects.toMatchObject({ code: "provider-key.time" });
    expect((await revoke(idOf(3), "compromised", NOW, BUS)).key).toMatchObject({
      revokedAt: "2026-03-01T00:00:00Z",
      reason: "compromised",
    });
  });
});

describe("evidence that travels", () => {
  const RECORDS = 600;
  const digests = Array.from({ length: RECORDS }, (_, at) =>
    concatBytes(bigEndian(at, 8), word(7).subarray(8)),
  );
  const tree = new DigestTreeStream();
  for (const digest of digests) tree.push(digest);
  const { root, bundleRoots } = tree.finish();
  const signed = {
    file: word(1),
    provider: METRO,
    publicKey: word(2),
    profileHash: word(3),
    saltHash: word(4),
    records: RECORDS,
    root,
    signedAt: NOW as UnixSeconds,
    signature: new Uint8Array(64).fill(5),
  };
  const inFile = (index: number, more: object = {}): StoredEvidence => ({
    kind: "file",
    publicKey: word(2),
    subjectDigest: word(6),
    arrivedAt: NOW as UnixSeconds,
    file: word(1),
    index,
    ...more,
  });
  const alone: StoredEvidence = {
    kind: "record",
    form: 2,
    publicKey: word(8),
    subjectDigest: word(9),
    arrivedAt: NOW as UnixSeconds,
    signature: new Uint8Array(64).fill(10),
  };
  beforeAll(async () => {
    await saveSignedFile(context.db, context.tenant, signed, async function* () {
      for (const [at, bundleRoot] of bundleRoots.entries())
        yield await Promise.resolve({
          root: bundleRoot,
          digests: concatBytes(...digests.slice(256 * at, 256 * (at + 1))),
        });
    });
  });

  it("leads from each record of a signed file to its root, whichever bundle it is in", async () => {
    const reader = new EvidenceReader(context.db, context.tenant);
    const lists = [
      [599, 0, 255],
      [256, 511, 512, 300],
    ];
    const encode = () => reader.encode(lists.map((list) => list.map((index) => inFile(index))));
    const encoded = await encode();
    lists.forEach((list, at) => {
      list.forEach((index, nth) => {
        const bytes = encoded[at]?.[nth] ?? new Uint8Array();
        const evidence = decodeEvidence(bytes);
        if (evidence.kind !== "file") throw new Error("no evidence of a file");
        expect(evidence).toMatchObject({ form: 1, index, count: RECORDS, signedAt: NOW });
        expect(evidence.profileHash).toEqual(word(3));
        expect(evidence.saltHash).toEqual(word(4));
        expect(evidence.signature).toEqual(signed.signature);
        expect(rootOfPath(digests[index] as Uint8Array, index, RECORDS, evidence.path)).toEqual(root);
      });
    });
    expect(encoded.map((list) => list.length)).toEqual([3, 4]);
    // What was read once is at hand: the second time nothing of the bundles is asked for.
    await context.db.query("UPDATE signed_file_bundles SET digests = '\\x' WHERE tenant = $1", [
      context.tenant,
    ]);
    expect(await encode()).toEqual(encoded);
  });

  it("of a list in which nobody signed is nothing, and empty for the others of one", async () => {
    const reader = new EvidenceReader(context.db, context.tenant);
    const [none, one, empty] = await reader.encode([[null, null], [null, alone], []]);
    expect(none).toEqual([]);
    expect(empty).toEqual([]);
    expect(one?.[0]).toEqual(new Uint8Array());
    expect(decodeEvidence(one?.[1] ?? new Uint8Array())).toMatchObject({ kind: "record", form: 2 });
    const [[old] = []] = await reader.encode([[{ ...alone, form: 1 }]]);
    expect(decodeEvidence(old ?? new Uint8Array()).form).toBe(1);
  });

  it("needs the file that the database has lost, and that of this tenant", async () => {
    const lost = new EvidenceReader(context.db, tenantId("stranger")).encode([[inFile(0)]]);
    await expect(lost).rejects.toMatchObject({
      code: "signature.file-unknown",
      message: `The digests of the signed file ${toHex(word(1))} are not in the database. Restore them.`,
    });
  });
});
