/** What is refused where two years lie in one folder, and to a verifier whom the registry does not know. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-vintages-"));
const path = (name: string): string => join(folder, name);
const run = (args: readonly string[], settings?: Readonly<Record<string, string>>) =>
  microtonne(["--data", path("data"), "--json", ...args], undefined, settings);
/** The one value of a call that ends well. */
async function valueOf<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await run(args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${out}${err}`);
  return JSON.parse(out) as T;
}
const retire = [
  "retire",
  "--purpose",
  "event-neutrality",
  "--beneficiary",
  "A fair",
  "--dry-run",
  "--amount",
];
let batches: string[];

beforeAll(async () => {
  const header = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
  const rows = ["2025", "2026"].map((year) => {
    const [start, end] = [`${year}-01-05T08:00:00+08:00`, `${year}-01-05T08:30:00+08:00`];
    return `r${year},13800000001,metro,${start},${end},12.5,passenger-km`;
  });
  writeFileSync(path("rides.csv"), `${[header, ...rows].join("\n")}\n`);
  const ingest = ["ingest", path("rides.csv"), "--profile", "canonical-csv", "--provider", "city-app"];
  await valueOf(...ingest);
  batches = [];
  for (const year of ["2025", "2026"]) {
    const country = { MICROTONNE_HOST_COUNTRY: year === "2025" ? "CN" : "CL" };
    const { out } = await run(["batch", "close", "--region", "WUHAN", "--vintage", year], country);
    const closed = JSON.parse(out) as { batchId: string };
    batches.push(closed.batchId);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a key that is no verifier's signs nothing", async () => {
  await valueOf("batch", "package", batches[0] ?? "", "--out", path("package"));
  const key = { MICROTONNE_VERIFIER_PRIVATE_KEY: `0x${"17".repeat(32)}` };
  const { code, out } = await run(["attest", path("package"), "--out", path("attestation")], key);
  expect([code, JSON.parse(out)]).toMatchObject([
    2,
    {
      error: {
        code: "attest.not-registered",
        message: expect.stringContaining("no active verifier") as string,
      },
    },
  ]);
});

it("a retirement takes its year from the vintage, and asks where there are two", async () => {
  for (const batch of batches) await valueOf("mint", batch);
  const one = await run([...retire, "0.0005"]);
  expect(JSON.parse(one.out)).toMatchObject({
    reportingYear: 2025,
    country: "CN",
    takes: [{ batchId: batches[0], vintage: 2025, milligrams: "500000" }],
  });
  const both = await run([...retire, "0.0015"]);
  expect([both.code, JSON.parse(both.out)]).toMatchObject([
    2,
    { error: { code: "retire.year", message: expect.stringContaining("2025 and 2026") as string } },
  ]);
  const said = await run([...retire, "0.0015", "--year", "2026", "--country", "SG"]);
  expect(JSON.parse(said.out)).toMatchObject({ reportingYear: 2026, country: "SG", takes: [{}, {}] });
  const [first] = JSON.parse((await run(["batch", "list"])).out) as { retiredMilligrams: string }[];
  expect(first?.retiredMilligrams).toBe("0");
});

it("a retirement is claimed in the host country of what it takes, and asks where there are two", async () => {
  const one = await run([...retire, "0.0005", "--batch", batches[1] ?? ""]);
  expect(JSON.parse(one.out)).toMatchObject({ reportingYear: 2026, country: "CL" });
  const both = await run([...retire, "0.0015", "--year", "2026"]);
  expect([both.code, JSON.parse(both.out)]).toMatchObject([
    2,
    { error: { code: "retire.country", message: expect.stringContaining("CL and CN") as string } },
  ]);
});
