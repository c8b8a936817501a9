import type { Command } from "commander";
import { checkProfile, type CheckedRow, type RowCounts } from "../../../app/profiles/checkProfile.ts";
import { describeProfile, describeProfiles } from "../../../app/profiles/describeProfile.ts";
import { initProfile } from "../../../app/profiles/initProfile.ts";
import { counted } from "../../../base/lib/counted.ts";
import { systemClock } from "../../../app/process/system.ts";
import { withOwnClasses } from "../withOwnClasses.ts";
import { act } from "../command.ts";

/** `microtonne profile`: the declarative files that map a provider's columns to activity records. */
export function addProfile(program: Command): void {
  const profile = program
    .command("profile")
    .addHelpText(
      "after",
      "\nExample:\n  microtonne profile init trips.csv.gz --provider city-bikes --out city-bikes.yaml",
    );
  addInit(profile);
  addCheck(profile);
  addList(profile);
  addShow(profile);
}

interface InitOptions {
  name?: string;
  provider?: string;
  region?: string;
  zone?: string;
  scenario?: string;
  out?: string;
}

function addInit(profile: Command): void {
  const command = profile
    .command("init")
    .description("Look at a provider's file and propose a profile for it, with its doubts as comments.")
    .argument("<file>", "a provider's file: CSV, NDJSON, JSON or XLSX, plain or gzip; - for standard input")
    .option("--name <name>", "name of the profile (default: from the file's name)")
    .option("--provider <id>", "global id of the provider")
    .option("--region <code>", "region whose methodologies count")
    .option("--zone <zone>", "time zone of times without an offset, such as Asia/Shanghai")
    .option("--scenario <name>", "scenario class of every row, such as bike")
    .option("--out <file>", "write the profile to this new file")
    .addHelpText(
      "after",
      `
What you name is taken; everything else is a guess from the first 1,000 rows, and each guess stands
as a doubt at the top of the profile. Go through the doubts, then see with \`profile check\` how the
rows come out.

Example:
  microtonne profile init trips.csv.gz --provider city-bikes --region WUHAN --zone Asia/Shanghai \\
    --out city-bikes.yaml
  microtonne profile check ./city-bikes.yaml trips.csv.gz`,
    );
  act<InitOptions>(command, async (run, options, file) => {
    const { name = null, provider = null, region = null, zone = null, scenario = null, out = null } = options;
    const given = { file: file ?? "-", name, provider, region, zone, scenario, out, config: run.config };
    const proposed = await withOwnClasses(run, (classes) => initProfile({ ...given, classes }));
    const count = proposed.doubts.length;
    run.io.result(
      proposed,
      out === null
        ? proposed.profile.trimEnd()
        : [
            `${out} was written with ${counted(count, "doubt")}${count === 0 ? "" : ":"}`,
            ...proposed.doubts.map((doubt) => `  - ${doubt}`),
          ].join("\n"),
    );
    if (out !== null) run.next("profile", "check", asPath(out), given.file);
    return undefined;
  });
}

function addCheck(profile: Command): void {
  const command = profile
    .command("check")
    .description(
      "Check a profile, and show what it makes of a file: the first rows as acts, and every refusal counted.",
    )
    .argument("<profile>", "name of a shipped profile, or a YAML file")
    .argument("[file]", "a provider's file; - for standard input")
    .option("--rows <n>", "how many rows to show", "5")
    .option("--lookups <dir>", "folder of the profile's lookup files (default: the folder of the file)")
    .addHelpText(
      "after",
      `
Nothing is stored. The whole file is read: where day and month look exchanged, it is refused as
\`ingest\` would. Times are shown in UTC. What the methodologies refuse, and duplicates, come out only
with \`ingest\`.

Example:
  microtonne profile check canonical-csv
  microtonne profile check my-bikes.yaml trips.csv.gz`,
    );
  act<{ rows: string; lookups?: string }>(command, async (run, options, name, file) => {
    const checked = await withOwnClasses(run, (classes) =>
      checkProfile({
        profile: name ?? "",
        file: file ?? null,
        rows: Number(options.rows),
        lookupFolder: options.lookups ?? null,
        config: run.config,
        clock: systemClock,
        classes,
      }),
    );
    const head =
      `${checked.name} is sound: provider ${checked.provider}, region ${checked.region}, ` + checked.format;
    run.io.result(
      checked,
      [head, ...checked.rows.map(rowText), ...(checked.counts ? countTexts(checked.counts) : [])].join("\n"),
    );
    if (file !== undefined) run.next("ingest", file, "--profile", name ?? "");
    return undefined;
  });
}

/** A profile that is written to a folder of its own name is else taken for one that ships. */
function asPath(file: string): string {
  return file.includes("/") ? file : `./${file}`;
}

function rowText({
  row,
  parts,
  record,
  starts,
  ends,
  hasSubject,
  notes,
  code,
  field,
  sentence,
}: CheckedRow): string {
  const from = parts ? `row ${String(row)} with ${String(parts.length)} more` : `row ${String(row)}`;
  if (!record) return `  ${from}: refused, ${code ?? ""} (${field ?? "row"}): ${sentence ?? ""}`;
  const when = ends === null || ends === undefined ? (starts ?? "") : `${starts ?? ""} to ${ends}`;
  const columns = [
    record["recordId"],
    record["scenario"],
    when,
    `${String(record["quantity"])} ${String(record["unit"])}`,
  ];
  return (
    `  ${from}: ` +
    [...columns, hasSubject === true ? "subject named" : "no subject", ...(notes ?? [])].join(", ")
  );
}

function countTexts({ read, acts, quantities, refused }: RowCounts): string[] {
  const sums = Object.entries(quantities).map(([unit, quantity]) => `${quantity} ${unit}`);
  return [
    `${counted(read, "row")} in all: ${counted(acts, "act")}` +
      (sums.length === 0 ? "" : ` of ${sums.join(", ")}`),
    ...refused.map(
      ({ code, field, rows, firstRow, sentence }) =>
        `${String(rows).padStart(9)}  ${code} (${field ?? "row"}), first in row ${String(firstRow)}: ` +
        sentence,
    ),
  ];
}

function addList(profile: Command): void {
  const command = profile
    .command("list")
    .description("The profiles that ship with Microtonne.")
    .addHelpText("after", "\nExample:\n  microtonne profile list --json");
  act(command, async (run) => {
    const all = describeProfiles();
    const text = all.map(
      (one) => `${one.name.padEnd(26)} ${one.format.padEnd(7)} ${one.region.padEnd(9)} ${one.description}`,
    );
    run.io.result(all, text.join("\n"));
    return Promise.resolve(undefined);
  });
}

function addShow(profile: Command): void {
  const command = profile
    .command("show")
    .description("A shipped profile in full, as YAML: a beginning for one of your own.")
    .argument("<profile>", "name of a shipped profile")
    .addHelpText("after", "\nExample:\n  microtonne profile show shenzhen-taps");
  act(command, async (run, _options, name) => {
    const found = describeProfile(name ?? "");
    run.io.result(found, found.text.trimEnd());
    return Promise.resolve(undefined);
  });
}
