import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { fromHex, toHex } from "../../../src/base/lib/bytes.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { publicKeyOf, signEd25519 } from "../../../src/format/ed25519.ts";
import { attestationMessage } from "../../../src/format/signing/attestations.ts";
import { microtonne } from "../../e2e/support/microtonne.ts";

/** Of an account that every local network appoints a verifier. */
const VERIFIER_KEY = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";

/** The secret halves of the preset's keys: RFC 8032, tests 2 and 1; and of test 3, whom it does not name. */
const GRID = fromHex("0x4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
const METERS = fromHex("0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
const STRANGER = fromHex("0xc5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");

const PROFILE = `
schema: microtonne-profile/1
name: seoul-saving
description: A month's electricity of homes, attested by grid and meters.
provider: { id: seoul-homes, name: Homes of Seoul }
region: SEOUL
format: { kind: csv }
recordId: { columns: [recordId] }
subject: { column: subject, scope: deployment }
scenario: { constant: electricity-saving }
time: { format: iso }
start: { columns: [start] }
end: { columns: [end] }
quantity: { column: kwh, unit: kWh, as: kWh }
attributes: { reference-kwh: { column: reference } }
attestations: [first, second]
`;

const attested = (record: ActivityRecord, seed: Uint8Array): string =>
  `${toHex(publicKeyOf(seed)).slice(2)}${toHex(signEd25519(attestationMessage(record), seed)).slice(2)}`;

/** A home's April: 300 kWh a year before, 255 now. */
function monthOf(home: string): ActivityRecord {
  return {
    provider: providerId("seoul-homes"),
    recordId: `${home}-2026-04`,
    scenario: "electricity-saving",
    startedAt: (Date.parse("2026-03-31T15:00:00Z") / 1000) as UnixSeconds,
    endedAt: (Date.parse("2026-04-30T15:00:00Z") / 1000) as UnixSeconds,
    quantity: 255_000_000n as MicroUnits,
    unit: "kWh",
    attributes: { "reference-kwh": "300" },
  };
}

function rowOf(home: string, first: string, second: string): string {
  return `${home}-2026-04,${home},2026-03-31T15:00:00Z,2026-04-30T15:00:00Z,255,300,${first},${second}`;
}

// The command line as an operator of Seoul's preset runs it.
describe("a saving that two attestors signed", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const run = async (...args: string[]): Promise<{ code: number | null; json: unknown }> => {
    const { code, out } = await microtonne(["--data", path("data"), "--json", ...args]);
    return { code, json: JSON.parse(out) };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-attestors-"));
    writeFileSync(path("seoul-saving.yaml"), PROFILE);
    const both = (home: string) => [attested(monthOf(home), GRID), attested(monthOf(home), METERS)] as const;
    const [good] = both("cut");
    const rows = [
      ...["ada", "bo", "cy"].map((home) => rowOf(home, ...both(home))),
      // In the other order, with an empty field between, counts as well.
      rowOf("dee", both("dee")[1], both("dee")[0]),
      rowOf("none", "", ""),
      rowOf("one", both("one")[0], ""),
      rowOf("twice", both("twice")[0], both("twice")[0]),
      rowOf("stranger", both("stranger")[0], attested(monthOf("stranger"), STRANGER)),
      rowOf("another", both("another")[0], attested(monthOf("ada"), METERS)),
      rowOf("cut", good.slice(0, -2), ""),
    ];
    const header = "recordId,subject,start,end,kwh,reference,first,second";
    writeFileSync(path("april.csv"), `${[header, ...rows].join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("counts, is minted by verifiers who check again, else is refused by name", async () => {
    const profile = path("seoul-saving.yaml");
    const rejects = path("rejects.csv");
    const { json } = await run("ingest", path("april.csv"), "--profile", profile, "--rejects", rejects);
    expect(json).toMatchObject({
      read: 10,
      accepted: 4,
      // 4 · 45 kWh · 525 g
      milligrams: String(4n * 45n * 525_000n),
      reasons: {
        "attestor.missing": 1,
        "methodology.signatures": 1,
        "attestor.twice": 1,
        "attestor.unknown": 1,
        "attestor.signature": 1,
        "attestations.malformed": 1,
      },
    });
    expect(readFileSync(rejects, "utf8")).toContain("attributes.attestor-2");

    const closed = await run("batch", "close", "--region", "SEOUL", "--vintage", "2026");
    expect(closed.json).toMatchObject({ leafCount: 4, state: "sealed" });
    const { batchId } = closed.json as { batchId: string };
    const packaged = path("package.ndjson");
    await run("batch", "package", batchId, "--out", packaged);

    // The evidence is in the record: a verifier who is handed another signature does not sign.
    const text = readFileSync(packaged, "utf8");
    expect(text).toContain('\\"attestor-2-s\\":');
    const config = parseConfig({ MICROTONNE_VERIFIER_PRIVATE_KEY: VERIFIER_KEY }, { folder: path("data") });
    const context = await openContext({
      config,
      log: createLog("warn"),
      clock: systemClock,
      randomness: systemRandomness,
    });
    try {
      const handed = async (digits: string): Promise<unknown> => {
        writeFileSync(packaged, text.replace(/(attestor-1-s\\?":\\?")../, `$1${digits}`));
        return attestPackage(context, { file: packaged, verification: null });
      };
      await expect(handed("ff")).rejects.toThrow(/An attestor's signature is not over this record/);
      await expect(handed("zz")).rejects.toThrow(/What the record carries of attestors is not in three/);
    } finally {
      await context.close();
    }
    expect((await run("mint", batchId)).json).toMatchObject({ state: "minted" });
  });
});
