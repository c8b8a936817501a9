import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startMicrotonne } from "./support/commandLine.ts";

const RIDES = [
  "recordId,subject,scenario,startedAt,endedAt,quantity,unit",
  "r1,13800000001,metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km",
  "r2,13800000002,bike,2025-06-18T09:00:00+08:00,2025-06-18T09:10:00+08:00,2.4,km",
];

let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-signatures-"));
  writeFileSync(path("rides.csv"), `${RIDES.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A provider's way with its operator, as both would type it. */
it("a provider makes a key and signs; its operator takes what is signed and nothing else", async () => {
  const run = async (...words: string[]) => startMicrotonne(["--data", path("data"), ...words], {}).ending;
  const good = async (...words: string[]) => {
    const { code, json, stderr } = await run(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return json as Record<string, string>;
  };
  const codeOf = async (...words: string[]) => {
    const { code, json } = await run(...words);
    return [code, (json as { error?: { code: string } }).error?.code];
  };
  const ingest = ["ingest", path("rides.csv"), "--profile", "canonical-csv", "--provider", "city-app"];

  const { publicKey = "", keyId = "" } = await good("provider", "key", "new", "--out", path("app.key"));
  expect(statSync(path("app.key")).mode & 0o777).toBe(0o600);
  expect(await codeOf("provider", "key", "new", "--out", path("app.key"))).toEqual([2, "file.unwritable"]);
  await good(
    "provider",
    "key",
    "add",
    "--provider",
    "city-app",
    "--public-key",
    publicKey,
    "--valid-from",
    "2026-01-01",
  );
  expect(await good("provider", "key", "list")).toMatchObject([
    { provider: "city-app", keyId, validFrom: "2026-01-01T00:00:00Z", required: true },
  ]);

  expect(await codeOf(...ingest)).toEqual([1, "signature.missing"]);
  const sign = [
    "sign",
    path("rides.csv"),
    "--profile",
    "canonical-csv",
    "--provider",
    "city-app",
    "--key",
    path("app.key"),
    "--tenant",
    "local",
  ];
  expect(await good(...sign)).toMatchObject({ records: 2, keyId, out: path("rides.csv.sig.json") });
  writeFileSync(path("rides.csv"), `${RIDES.join("\n").replace("12.5", "13.5")}\n`);
  expect(await codeOf(...ingest)).toEqual([1, "signature.records"]);
  writeFileSync(path("rides.csv"), `${RIDES.join("\n")}\n`);
  expect(await good(...ingest)).toMatchObject({ accepted: 2, rejected: 0 });
  expect(await good(...ingest, "--signature", path("rides.csv.sig.json"))).toMatchObject({
    accepted: 0,
    duplicates: 2,
  });

  const revoke = ["provider", "key", "revoke", keyId.slice(0, 10), "--provider", "city-app", "--reason"];
  expect(await good(...revoke, "compromised", "--at", "2026-01-02")).toMatchObject({ open: 2, batches: [] });
  expect(await codeOf(...ingest)).toEqual([1, "signature.key-revoked"]);
  expect(await codeOf("batch", "close", "--region", "WUHAN", "--vintage", "2025")).toEqual([
    1,
    "closing.nothing-open",
  ]);
  expect(readFileSync(path("app.key"), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
});
