import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { newKeyFile, readKeyFile } from "../../../../src/app/providers/keyFile.ts";
import { readSidecar } from "../../../../src/app/providers/readSidecar.ts";
import { signFile } from "../../../../src/app/providers/signFile.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { publicKeyOf, verifyEd25519 } from "../../../../src/format/ed25519.ts";
import { fileStatementMessage, parseFileSignature } from "../../../../src/format/signing/fileSignature.ts";
import { providerKeyId } from "../../../../src/format/signing/signedRecord.ts";
import { parseProfile, profileHash, withProvider } from "../../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile, shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";

const SEED = new Uint8Array(32).fill(7);
const randomness = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const PROFILE = withProvider(shippedProfile("canonical-csv"), "metro");
const RIDES = `recordId,subject,scenario,startedAt,endedAt,quantity,unit
r1,s1,bike,2025-06-18T01:00:00Z,,1.5,km
r2,,bike,yesterday,,1.5,km
r3,s3,bike,2025-06-18T02:00:00Z,,2,km
`;

let folder: string;
let keyFile: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-sign-"));
  keyFile = join(folder, "metro.key");
  await newKeyFile(keyFile, randomness);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("a key file", () => {
  it("is its owner's alone, PKCS#8 as others write it, and never written over", async () => {
    const path = join(folder, "own.key");
    expect(await newKeyFile(path, randomness)).toEqual(publicKeyOf(SEED));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await readKeyFile(path)).toEqual(SEED);
    await expect(newKeyFile(path, randomness)).rejects.toMatchObject({ code: "file.unwritable" });
  });

  it("is refused where it is none, without a word of what stands in it", async () => {
    await expect(readKeyFile(join(folder, "none.key"))).rejects.toMatchObject({
      code: "file.unreadable",
      message: `The key file ${join(folder, "none.key")} can't be read: there is none of that name.`,
    });
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const x25519 = generateKeyPairSync("x25519").privateKey;
    for (const text of [
      "secret words",
      publicKey.export({ format: "pem", type: "spki" }),
      x25519.export({ format: "pem", type: "pkcs8" }),
    ]) {
      const path = put("other.key", text);
      await expect(readKeyFile(path)).rejects.toMatchObject({
        code: "key-file.malformed",
        message: `${path} holds no private Ed25519 key in PEM.`,
        remedy: { act: "make-provider-key" },
      });
    }
    const jwk = privateKey.export({ format: "jwk" });
    const path = put("good.key", privateKey.export({ format: "pem", type: "pkcs8" }));
    expect(Buffer.from(await readKeyFile(path)).toString("base64url")).toBe(jwk.d);
  });
});

describe("a file that is signed", () => {
  const sign = (more: object = {}) =>
    signFile(
      {
        config: parseConfig({}, { folder: join(folder, "data") }),
        clock: { now: () => 1_772_323_200 as UnixSeconds },
        randomness: { bytes: (length) => new Uint8Array(length).fill(9) },
      },
      {
        file: join(folder, "rides.csv"),
        profile: PROFILE,
        keyFile,
        tenant: tenantId("operator"),
        out: null,
        lookupFolder: null,
        ...more,
      },
    );

  it("has a statement of its records beside it, without those that the profile refuses", async () => {
    const file = put("rides.csv", RIDES);
    const { statement, refused, out } = await sign();
    expect(refused).toBe(1);
    expect(out).toBe(`${file}.sig.json`);
    expect(statement).toMatchObject({
      provider: "metro",
      keyId: providerKeyId(publicKeyOf(SEED)),
      tenant: "operator",
      profileHash: profileHash(PROFILE),
      records: 2,
      signedAt: 1_772_323_200,
    });
    const written = parseFileSignature(readFileSync(out));
    expect(written).toMatchObject({ ...statement, fileSalt: `0x${"09".repeat(32)}` });
    expect(
      verifyEd25519(
        Buffer.from(written.signature.slice(2), "hex"),
        fileStatementMessage(statement),
        publicKeyOf(SEED),
      ),
    ).toBe(true);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    const elsewhere = await sign({ out: join(folder, "elsewhere.json") });
    expect(elsewhere.out).toBe(join(folder, "elsewhere.json"));
    expect(readFileSync(elsewhere.out, "utf8")).toBe(readFileSync(out, "utf8"));
  });

  it("is read with lookup files of the folder that was named, else beside it", async () => {
    const profile = parseProfile(`${shippedProfileText("canonical-csv")
      .replace(
        "quantity: { column: quantity, unitColumn: unit }",
        "quantity: { column: { join: stop, field: km }, unit: km, as: km }",
      )
      .trimEnd()}
joins:
  - { name: stop, column: recordId, file: stops.csv, key: stop, fields: { km: km } }
`);
    put("rides.csv", RIDES);
    put("stops.csv", "stop,km\nr1,1\nr3,2\n");
    mkdirSync(join(folder, "lookups"));
    put("lookups/stops.csv", "stop,km\nr1,1\n");
    expect((await sign({ profile })).statement.records).toBe(2);
    const named = await sign({ profile, lookupFolder: join(folder, "lookups") });
    expect([named.statement.records, named.refused]).toEqual([1, 2]);
  });

  it("is refused where nothing can be signed, or written", async () => {
    await expect(sign({ file: "-" })).rejects.toMatchObject({
      code: "sign.out",
      remedy: { act: "name-signature-output" },
    });
    const asset = parseProfile(
      `${shippedProfileText("canonical-csv").trimEnd()}\nasset: { kind: vehicle, column: plate }\n`,
    );
    await expect(sign({ profile: asset })).rejects.toMatchObject({
      code: "sign.asset",
      message: expect.stringMatching(/^The profile names assets\. .* leaves assets out\.$/) as unknown,
    });
    const out = join(folder, "none", "x.json");
    await expect(sign({ out })).rejects.toMatchObject({
      code: "file.unwritable",
      message: `${out} can't be written.`,
    });
    put("rides.csv", `${RIDES.split("\n")[0] ?? ""}\n`);
    await expect(sign()).rejects.toMatchObject({ code: "signed-file.empty" });
  });
});

describe("a file's signature", () => {
  it("is that of the file that was named, else of the one beside it, if any", async () => {
    const file = put("read.csv", RIDES);
    expect(await readSidecar(file, null)).toBeNull();
    expect(await readSidecar("-", null)).toBeNull();
    put("read.csv.sig.json", "beside");
    const named = put("named.json", "named");
    expect(await readSidecar(file, null)).toEqual(Buffer.from(utf8("beside")));
    expect(await readSidecar(file, named)).toEqual(Buffer.from(utf8("named")));
    expect(await readSidecar("-", named)).toEqual(Buffer.from(utf8("named")));
  });

  it("that was named and is not there is missed, as is one that can't be one", async () => {
    const missing = join(folder, "missing.json");
    await expect(readSidecar("-", missing)).rejects.toMatchObject({
      code: "file.unreadable",
      message: `The signature file ${missing} can't be read: there is none of that name.`,
    });
    put("full.csv.sig.json", new Uint8Array(2 ** 20));
    expect(await readSidecar(join(folder, "full.csv"), null)).toHaveLength(2 ** 20);
    put("large.csv.sig.json", new Uint8Array(2 ** 20 + 1));
    await expect(readSidecar(join(folder, "large.csv"), null)).rejects.toThrow(
      "it is larger than any file of its kind",
    );
  });
});
