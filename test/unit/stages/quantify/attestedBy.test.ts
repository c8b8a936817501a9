import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { concatBytes, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { publicKeyOf, signEd25519 } from "../../../../src/format/ed25519.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  attestationAttributes,
  attestationMessage,
  attestationsOf,
  attestorId,
} from "../../../../src/format/signing/attestations.ts";
import { attestedBy } from "../../../../src/stages/quantify/attestedBy.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { toldCodeOf } from "../../format/support/vectors.ts";

const SEEDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array, Uint8Array];
const [first, second, third] = SEEDS.map((seed) => attestorId(publicKeyOf(seed)));
const RECORD: ActivityRecord = {
  provider: providerId("homes"),
  recordId: "a-1",
  scenario: "electricity-saving",
  startedAt: 1_774_969_200 as UnixSeconds,
  endedAt: null,
  quantity: 255_000_000n as MicroUnits,
  unit: "kWh",
  attributes: { "reference-kwh": "300" },
};
const preset = shippedMethodologies().find(({ code }) => code === "TEST-SEOUL-SAVING");
if (preset?.schema !== "microtonne-methodology/2") throw new Error("no preset");
const asking = (least: number, ...of: (string | undefined)[]) => ({
  ...preset,
  signatures: { least, of: of.map((id) => providerId(id ?? "")).toSorted() },
});
const signed = (seeds: readonly Uint8Array[], record = RECORD): ActivityRecord => ({
  ...record,
  attributes: {
    ...record.attributes,
    ...attestationAttributes(
      seeds.map((seed) => ({
        publicKey: publicKeyOf(seed),
        signature: signEd25519(attestationMessage(record), seed),
      })),
    ),
  },
});
const outcome = (record: ActivityRecord, ...versions: Parameters<typeof attestedBy>[1][number][]) => {
  const found = attestedBy(record, versions);
  return "code" in found ? `${found.code} ${found.field}` : found;
};

describe("attestors of a record", () => {
  const [a, b, c] = SEEDS;

  it("are those whose signatures hold, by their keys", () => {
    expect(outcome(signed([a, b]), asking(2, first, second))).toEqual([first, second]);
    expect(outcome(signed([b]), asking(2, first, second))).toEqual([second]);
    // What a signature covers does not depend on what stands beside it.
    expect(attestationMessage(signed([a, b]))).toEqual(attestationMessage(RECORD));
  });

  it("are not looked at where nobody asks", () => {
    expect(outcome(signed([c]), { ...preset, signatures: null })).toEqual([]);
    expect(outcome(RECORD, { ...preset, signatures: null })).toEqual([]);
  });

  it("may be those of a version that begins before the act is over", () => {
    expect(outcome(signed([a, c]), asking(1, first), asking(1, third))).toEqual([first, third]);
  });

  it("are refused by name", () => {
    const both = asking(2, first, second);
    expect(outcome(RECORD, both)).toBe("attestor.missing scenario");
    expect(outcome(signed([a, c]), both)).toBe("attestor.unknown attributes.attestor-2");
    expect(outcome(signed([a, b]), { ...preset, signatures: { least: 1, of: null } })).toBe(
      "attestor.unknown attributes.attestor-1",
    );
    expect(outcome(signed([a, a]), both)).toBe("attestor.twice attributes.attestor-2");
    const good = signed([a, b]);
    const attributes = good.attributes ?? {};
    expect(outcome({ ...good, attributes: { ...attributes, "attestor-2-s": "0".repeat(63) } }, both)).toBe(
      "attestor.malformed attributes.attestor-1",
    );
    const { "attestor-1-r": _, ...cut } = attributes;
    expect(outcome({ ...good, attributes: cut }, both)).toBe("attestor.malformed attributes.attestor-1");
    const moved = { ...attributes, "attestor-3": attributes["attestor-2"] ?? "" };
    delete (moved as Record<string, string>)["attestor-2"];
    expect(outcome({ ...good, attributes: moved }, both)).toBe("attestor.malformed attributes.attestor-1");
  });

  it("signed every member that an attestor can know", () => {
    const both = asking(2, first, second);
    const good = signed([a, b]);
    for (const change of [
      { provider: providerId("others") },
      { recordId: "a-2" },
      { startedAt: 1_774_969_201 as UnixSeconds },
      { endedAt: 1_774_969_260 as UnixSeconds },
      { quantity: 254_000_000n as MicroUnits },
      { revision: 1 },
      { attributes: { ...good.attributes, "reference-kwh": "3000" } },
      { attributes: { ...good.attributes, more: "1" } },
    ])
      expect(outcome({ ...good, ...change }, both)).toBe("attestor.signature attributes.attestor-1");
    const unknown = { consentText: "v1", evidence: "metered" } as const;
    expect(outcome({ ...good, ...unknown }, both)).toEqual([first, second]);
  });

  it("sign what docs/methodologies.md prints", () => {
    const printed = /^\{"attributes":.*\}$/m.exec(readFileSync("docs/methodologies.md", "utf8"))?.[0] ?? "";
    const record = {
      ...RECORD,
      provider: providerId("seoul-homes"),
      recordId: "ada-2026-04",
      endedAt: 1_777_561_200 as UnixSeconds,
    };
    const message = concatBytes(utf8("microtonne-attested-record/1\n"), keccak(utf8(printed)));
    expect(toHex(attestationMessage(record))).toBe(toHex(message));
  });

  it("are made by the program that docs/methodologies.md prints, as in the vectors", () => {
    const guide = readFileSync("docs/methodologies.md", "utf8");
    const program = /```js\n(.*?)```/s.exec(guide)?.[1] ?? "";
    const { attested } = JSON.parse(readFileSync("test/vectors/signatures.json", "utf8")) as {
      attested: Readonly<Record<string, string>>;
    };
    const { seedText = "", canonical = "", column = "", message = "" } = attested;
    expect(guide).toContain(`\n${canonical}\n`);
    expect(message).toBe(toHex(concatBytes(utf8("microtonne-attested-record/1\n"), keccak(utf8(canonical)))));
    const library = pathToFileURL("src/format/index.ts").href;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module"], {
      input: program.replace("microtonne/format", library),
      env: { ATTESTOR_SEED: toHex(keccak(utf8(seedText))) },
      encoding: "utf8",
    });
    expect(stdout).toBe(`${column}\n`);
  });

  it("are at most five", () => {
    const many = Array.from({ length: 6 }, () => ({
      publicKey: new Uint8Array(32),
      signature: new Uint8Array(64),
    }));
    expect(attestationsOf({ ...RECORD, attributes: attestationAttributes(many.slice(1)) })).toHaveLength(5);
    expect(toldCodeOf(() => attestationAttributes(many))).toBe("attestation.malformed");
    expect(
      toldCodeOf(() =>
        attestationAttributes([{ publicKey: new Uint8Array(31), signature: new Uint8Array(64) }]),
      ),
    ).toBe("attestation.malformed");
  });
});
