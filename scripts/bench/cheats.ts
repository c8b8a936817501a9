import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../src/app/process/config.ts";
import { openContext } from "../../src/app/openContext.ts";
import { generateCheats } from "../../src/demo/generateCheats.ts";
import { createLog } from "../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../src/app/process/system.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import { measureCheats, type CheatReport } from "./cheats/measureCheats.ts";
import { measureRealFiles, type RealFileResult } from "./cheats/measureRealFiles.ts";
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time/units.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures the plausibility rules: recall on a generated city day with labelled cheats, false
positives on its honest people and on real files.

  node scripts/bench/cheats.ts --records 20000

  --records N  honest acts of the generated day, about (100 to 1000000)
  --seed S     32-bit integer (default 1)
  --data DIR   folder of real files (default: MICROTONNE_DATA, else ../shared/data); files that are not there
               are left out
  --json       one JSON value instead of tables
`;

const { values } = readOptions(HELP, {
  options: {
    records: { type: "string" },
    seed: { type: "string", default: "1" },
    data: { type: "string", default: process.env["MICROTONNE_DATA"] ?? "../shared/data" },
    json: { type: "boolean", default: false },
  },
});

if (values.records === undefined) process.stdout.write(HELP);
else await bench(Number(values.records), Number(values.seed));

async function bench(records: number, seed: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-cheats-"));
  const config = parseConfig({}, { folder: join(folder, "data") });
  const context = await openContext({
    config,
    log: createLog("warn"),
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    const day = (Date.UTC(2025, 5, 18) / MILLISECONDS_PER_DAY) as Day;
    const { files } = await generateCheats({ records, seed, folder: join(folder, "cheats"), day });
    const generated = await measureCheats(context, files);
    const real = await measureRealFiles(context, values.data);
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ seed, records, ...generated, real }, null, 2)}\n`
        : tables(generated, real),
    );
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function tables({ cheats, honest, besideCheats }: CheatReport, real: readonly RealFileResult[]): string {
  const codesOf = (codes: Readonly<Record<string, number>>): string =>
    Object.entries(codes)
      .map(([code, count]) => `${code} ${String(count)}`)
      .join(", ");
  const caught = cheats
    .toSorted((a, b) => (a.strength === b.strength ? 0 : a.strength === "blatant" ? -1 : 1))
    .map((one) =>
      [
        one.strength.padEnd(8),
        one.kind.padEnd(20),
        `${String(one.noticed)} of ${String(one.stories)} noticed`.padEnd(20),
        `${String(one.refused)} of ${String(one.acts)} acts refused`.padEnd(28),
        codesOf(one.codes),
      ].join(" "),
    );
  const acts = honest.reduce((sum, one) => sum + one.acts, 0);
  const refused = honest.reduce((sum, one) => sum + one.refused, 0);
  const people = [...honest, besideCheats].map(
    (one) => `${one.kind.padEnd(20)} ${String(one.refused)} of ${String(one.acts)} acts refused`,
  );
  const files = real.map(
    (one) =>
      `${one.file.padEnd(48)} ${String(one.accepted)} of ${String(one.read)} rows accepted; ` +
      (codesOf(one.implausible) || "none implausible"),
  );
  return [
    "Cheats",
    ...caught,
    "",
    `Honest people: ${String(refused)} of ${String(acts)} acts refused ` +
      `(${((100 * refused) / acts).toFixed(4)} %)`,
    ...people,
    "",
    "Real files, beyond their profiles' own rules",
    ...(files.length > 0 ? files : ["none there"]),
    "",
  ].join("\n");
}
