import { KIB } from "../../../base/lib/sizes.ts";
import { shellWord } from "../../../base/lib/shellWord.ts";
import { knownClass, type ClassList } from "../../../format/batch/classes/classLists.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../caps.ts";
import { formatSchema, type FileFormat, type XlsxFormat } from "../schema/formatSchema.ts";
import type { OpenScratch } from "../ports.ts";
import { canonicalLines, isCanonical } from "./canonicalColumns.ts";
import { chooseColumns, type ChosenColumns } from "./chooseColumns.ts";
import { readHead, sampleColumns, type Reopened, type Sample } from "./sampleColumns.ts";
import { sniffFormat } from "./sniffFormat.ts";

/** What the one who asks knows already; the rest is guessed and doubted. */
export interface Known {
  readonly name: string;
  /** Where the profile will stand. */
  readonly path: string;
  readonly provider: string | null;
  readonly region: string | null;
  readonly zone: string | null;
  readonly scenario: string | null;
  /** The file's name, which may hint at the scenario. */
  readonly fileName: string;
  /** Those among which the scenario is. */
  readonly classes: ClassList;
}

export interface Proposal {
  /** The profile as YAML, its doubts as comments. */
  readonly yaml: string;
  readonly doubts: readonly string[];
}

/** What would end a comment. */
const BREAKS = /[\p{Cc}\u2028\u2029]/gu;
const HEAD_BYTES = 256 * KIB;
const SAMPLE_ROWS = 1000;
const HEADER_ROWS = 10;
const DEFAULT_ZONE = "Asia/Shanghai";
const DEFAULT_REGION = "WUHAN";

/**
 * Looks at the beginning of a file and proposes a profile for it. Everything that is a guess is named as a
 * doubt; no value of the file is repeated.
 * @throws InputError as `readRows`
 */
export async function proposeProfile(
  source: Reopened,
  known: Known,
  openScratch: OpenScratch,
  caps: IngestCaps = DEFAULT_CAPS,
): Promise<Proposal> {
  const sniffed = sniffFormat(await readHead(source, HEAD_BYTES, caps));
  const { format, sample } = await settle(source, sniffed.format, openScratch, caps);
  const chosen = chooseColumns(sample.columns, sample.rows, `${known.scenario ?? ""} ${known.fileName}`);
  const scenario = known.scenario ?? chosen.scenario;
  // Where the caller says which scenario it is, a file's own column of them is not asked.
  const canonical =
    known.scenario === null && format.kind === "csv" && isCanonical(sample.columns.map(({ name }) => name));
  const doubts = [
    ...sniffed.doubts,
    ...chosen.doubts.filter(
      (doubt) => !canonical && (known.scenario === null || !doubt.startsWith("The scenario")),
    ),
  ];
  if ("each" in format && format.each !== null)
    doubts.push(
      `The acts are taken from the lists under ${JSON.stringify(format.each)}, as nothing around them ` +
        "has a time.",
    );
  else if (sample.lists.length > 0) {
    const lists = sample.lists.map((list) => JSON.stringify(list)).join(", ");
    doubts.push(`Rows hold lists of objects (${lists}): where these are the acts, say so under format.each.`);
  }
  if (sample.empty.length > 0)
    doubts.push("Words that usually stand for nothing are read as empty fields; look at empty.");
  if (sample.rows === 0) doubts.unshift("The file has no rows to look at.");
  if (known.provider === null)
    doubts.push("The provider's id is the file's name; give it the provider's global id.");
  if (known.region === null)
    doubts.push(`The region is a guess: ${DEFAULT_REGION}. It decides whose methodologies count.`);
  const zone = canonical ? null : zoneOf(chosen, known.zone);
  if (zone !== null && zone !== "UTC" && known.zone === null)
    doubts.push(`The times carry no offset that is sure; their zone is a guess: ${DEFAULT_ZONE}.`);
  return { yaml: write({ known, format, sample, chosen, canonical, scenario, zone, doubts }), doubts };
}

function zoneOf({ timeFormat, absolute }: ChosenColumns, known: string | null): string | null {
  if (absolute) return null;
  // RFC 1123 dates are GMT.
  return timeFormat.startsWith("EEE, ") ? "UTC" : (known ?? DEFAULT_ZONE);
}

/**
 * A workbook's header may stand below a title: the row of the first ten that names most columns is taken.
 * JSON may hold acts inside its rows.
 */
async function settle(
  source: Reopened,
  format: FileFormat,
  openScratch: OpenScratch,
  caps: IngestCaps,
): Promise<{ format: FileFormat; sample: Sample }> {
  if (format.kind !== "xlsx") {
    const sample = await sampleColumns(source, format, SAMPLE_ROWS, openScratch, caps);
    const [list] = sample.lists;
    const hasTime = sample.columns.some(({ times, dates }) => times.length + dates.length > 0);
    if (format.kind === "csv" || hasTime || list === undefined) return { format, sample };
    // No time around a list of objects: the acts are inside.
    const inside = { ...format, each: list };
    return { format: inside, sample: await sampleColumns(source, inside, SAMPLE_ROWS, openScratch, caps) };
  }
  let best: { format: XlsxFormat; named: number } | null = null;
  for (let headerRow = 1; headerRow <= HEADER_ROWS; headerRow++) {
    const tried = { ...format, headerRow };
    const sample = await sampleColumns(source, tried, 1, openScratch, caps).catch(() => null);
    const named =
      sample?.columns.filter(({ name }) => name.trim() !== "" && !/^[\d.,:/-]+$/.test(name)).length ?? 0;
    if (named > (best?.named ?? 0)) best = { format: tried, named };
  }
  const settled = best?.format ?? format;
  return { format: settled, sample: await sampleColumns(source, settled, SAMPLE_ROWS, openScratch, caps) };
}

function write(parts: {
  known: Known;
  format: FileFormat;
  sample: Sample;
  chosen: ChosenColumns;
  canonical: boolean;
  scenario: string;
  zone: string | null;
  doubts: readonly string[];
}): string {
  const { known, format, sample, chosen, canonical, scenario, zone, doubts } = parts;
  const { unit } = knownClass(scenario, known.classes);
  const { quantity } = chosen;
  // JSON is YAML: quoted texts need no further care.
  const list = (columns: readonly string[]): string =>
    `[${columns.map((column) => JSON.stringify(column)).join(", ")}]`;
  const usual: Readonly<Record<string, unknown>> = formatSchema.parse({ kind: format.kind });
  const shown = Object.fromEntries(
    Object.entries(format).filter(([name, value]) => name === "kind" || value !== usual[name]),
  );
  const lines = [
    `# Proposed by microtonne profile init from ${known.fileName.replaceAll(/[^\x20-\x7e]/g, "?")}. ` +
      "Check it before use:",
    `#   microtonne profile check ${shellWord(known.path.replaceAll(BREAKS, "?"))} FILE`,
    ...(canonical
      ? ["# The columns are the canonical format's: canonical-csv reads such files as it is."]
      : []),
    ...(doubts.length > 0 ? ["# Doubts:", ...doubts.map((doubt) => `# - ${doubt}`)] : []),
    "schema: microtonne-profile/1",
    `name: ${known.name}`,
    `description: ${JSON.stringify(`Records of ${known.provider ?? known.name}.`)}`,
    `provider: { id: ${known.provider ?? known.name}, name: ` +
      `${JSON.stringify(known.provider ?? known.name)} }`,
    `region: ${known.region ?? DEFAULT_REGION}`,
    `format: ${flow(shown)}`,
    ...(quantity?.numbers && !canonical ? [`numbers: ${flow(quantity.numbers)}`] : []),
    ...(sample.empty.length > 0 ? [`empty: ${list(sample.empty)}`] : []),
    ...(canonical
      ? canonicalLines()
      : [...chosenLines({ chosen, scenario, unit, zone, list }), ...rulesLines(scenario)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What the columns hold, as far as it was guessed or is known. */
function chosenLines({
  chosen,
  scenario,
  unit,
  zone,
  list,
}: {
  readonly chosen: ChosenColumns;
  readonly scenario: string;
  readonly unit: string;
  readonly zone: string | null;
  readonly list: (columns: readonly string[]) => string;
}): string[] {
  const { quantity } = chosen;
  return [
    `recordId: { columns: ${list(chosen.id)} }`,
    ...(chosen.subject === null
      ? []
      : [`subject: { column: ${JSON.stringify(chosen.subject)}, scope: provider }`]),
    `scenario: { constant: ${scenario} }`,
    `time: { format: ${JSON.stringify(chosen.timeFormat)}${zone === null ? "" : `, zone: ${zone}`} }`,
    `start: { columns: ${list(chosen.start)} }`,
    ...endLines(chosen, list),
    quantity === null || !fits(quantity.as, unit)
      ? `quantity: { constant: 1, as: ${unit} }`
      : `quantity: ${flow({ ...quantity.section, as: unit })}`,
  ];
}

/** A value in the spelling of the shipped profiles. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${/^[A-Za-z]+$/.test(name) ? name : JSON.stringify(name)}: ${flow(one)}`)
      .join(", ")} }`;
  }
  // Words that YAML reads as something else than text stay quoted, as does what is no plain word.
  return typeof value === "string" &&
    (!/^[A-Za-z][A-Za-z0-9-]*$/.test(value) || /^(?:null|true|false|yes|no|on|off)$/i.test(value))
    ? JSON.stringify(value)
    : String(value);
}

function endLines(chosen: ChosenColumns, list: (columns: readonly string[]) => string): string[] {
  if (chosen.end) {
    // Of two clocks beside one date the second may be the next day's.
    const overMidnight = chosen.end.some((column) => chosen.start.includes(column));
    return [`end: { columns: ${list(chosen.end)}${overMidnight ? ", overMidnight: true" : ""} }`];
  }
  return chosen.duration === null ? [] : [`end: { duration: ${flow(chosen.duration)} }`];
}

function fits(as: string, unit: string): boolean {
  return as === unit || (as === "km" && unit === "passenger-km");
}

/** Bounds that the shipped profiles use for the same kinds of acts. */
function rulesLines(scenario: string): string[] {
  const bounds: Readonly<Record<string, readonly string[]>> = {
    bike: ["  durationSeconds: { max: 10800 }", "  maxSpeedKmh: 40"],
    metro: ["  durationSeconds: { max: 14400 }", "  maxSpeedKmh: 80"],
    "ev-charging": ["  quantity: { max: 200 }"],
  };
  const lines = bounds[scenario];
  return lines ? ["# Bounds of the shipped profiles for such acts; set your own.", "rules:", ...lines] : [];
}
