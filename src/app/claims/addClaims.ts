import { addCertificates } from "../../adapters/storage/reductions/addCertificates.ts";
import { InputError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { isMinimalDecimal, MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { normalisedAssetNumber } from "../../base/lib/normalisedAssetNumber.ts";
import { decideCertificate, MAX_MICRO_KWH } from "../../stages/dedupe/decideCertificate.ts";
import type { Certificate, CertificateOutcome } from "../../stages/dedupe/ports.ts";
import { DEFAULT_CAPS } from "../../stages/ingest/caps.ts";
import { readRows } from "../../stages/ingest/rows/readRows.ts";
import { csvFormat } from "../../stages/ingest/schema/formatSchema.ts";
import { certificatePolicy } from "../../stages/quantify/certificatePolicy.ts";
import type { Context } from "../context.ts";
import { openSource } from "../sources/openSource.ts";

/**
 * What an import came to. Rows are counted from 1; of a refused one neither meter nor certificate is told.
 */
export interface ClaimsReport {
  readonly read: number;
  readonly added: number;
  /** Here already, with the same content. */
  readonly repeated: number;
  readonly refused: readonly { readonly row: number; readonly code: string; readonly sentence: string }[];
}

const COLUMNS = ["meter", "from", "to", "certificate"] as const;
/** Energy of a certificate where the file has no such column: one is for a MWh. */
const ENERGY = "mwh";
const KWH_PER_MWH = 1000n;
const MAX_ROWS = 100_000;
const MAX_DAYS = 3660;
const CERTIFICATE = /^[\x21-\x7e]{1,100}$/;
const MAX_ENERGY_CHARACTERS = 16;
const MAX_METER_BYTES = 256;

const SENTENCES: Readonly<
  Record<Exclude<CertificateOutcome, "added" | "repeated"> | "certificate.row", string>
> = {
  "certificate.row":
    "A row has a meter, two calendar days YYYY-MM-DD in order and at most ten years apart, a " +
    "certificate's id without blanks, and if there is a column mwh a plain decimal above 0 and " +
    "below nine thousand million.",
  "certificate.differs": "The certificate is here already with other days or another energy.",
  "certificate.counted":
    "Acts or a project that the certificate voids or lowers were admitted on the meter in one of its " +
    "months: the first that is in keeps. Take it up with whoever sold the energy twice.",
  "certificate.sum":
    "With the certificates that are here, the meter would have more energy in one of its months than can " +
    "be counted.",
};

type Row = Omit<Certificate, "asset"> & { readonly meter: string };

/**
 * Imports green certificates as external claims: a CSV file with the columns meter, from, to, certificate and
 * maybe mwh. A meter's number goes to the key service and is kept nowhere. The same file twice adds nothing.
 * @throws InputError `claims.header`, `claims.too-many`, or as `readRows`; UsageError `file.unreadable`
 */
export async function addClaims(context: Context, file: string): Promise<ClaimsReport> {
  const rows = await readClaims(context, file);
  const sound = rows.flatMap((row, index) => (row === null ? [] : [{ row, number: index + 1 }]));
  const keys = await context.keys.subjects.subjectKeys(
    sound.map(({ row }) => ({ scope: "asset/meter", identifier: row.meter })),
  );
  const certificates = sound.map(({ row: { meter: _meter, ...rest } }, index): Certificate => ({
    ...rest,
    asset: toHex(keys[index] as Uint8Array),
  }));
  const outcomes = await addCertificates(context.db, context.tenant, certificates, (one, around) =>
    decideCertificate(one, around, certificatePolicy),
  );
  const refused = [
    ...rows.flatMap((row, index) => (row === null ? [refusal(index + 1, "certificate.row")] : [])),
    ...outcomes.flatMap((outcome, index) =>
      outcome === "added" || outcome === "repeated" ? [] : [refusal(sound[index]?.number ?? 0, outcome)],
    ),
  ].toSorted((a, b) => a.row - b.row);
  return {
    read: rows.length,
    added: outcomes.filter((outcome) => outcome === "added").length,
    repeated: outcomes.filter((outcome) => outcome === "repeated").length,
    refused,
  };
}

/** Null for a row that breaks the rules. */
async function readClaims({ config }: Pick<Context, "config">, file: string): Promise<(Row | null)[]> {
  const source = await openSource(config, file, { twice: false });
  try {
    const found: (Row | null)[] = [];
    let read: ((fields: readonly string[]) => Row | null) | null = null;
    const caps = { ...DEFAULT_CAPS, ...config.caps };
    for await (const { rows, columns } of readRows(
      source.open(),
      csvFormat.parse({ kind: "csv" }),
      caps,
      [],
      noScratch,
    )) {
      read ??= rowReader(columns ?? []);
      for (const { fields } of rows) found.push(fields === null ? null : read(fields));
      if (found.length > MAX_ROWS)
        throw new InputError("claims.too-many", `A file has at most ${String(MAX_ROWS)} certificates.`);
    }
    return found;
  } finally {
    await source.close();
  }
}

function rowReader(columns: readonly string[]): (fields: readonly string[]) => Row | null {
  const at = COLUMNS.map((name) => columns.indexOf(name));
  if (at.includes(-1))
    throw new InputError(
      "claims.header",
      `The file's header must name ${COLUMNS.join(", ")}, and may name mwh.`,
    );
  const energyAt = columns.indexOf(ENERGY);
  return (fields) => {
    const [meter, from, to, id] = at.map((place) => fields[place]?.trim() ?? "") as [
      string,
      string,
      string,
      string,
    ];
    const energy = energyAt === -1 ? "1" : (fields[energyAt]?.trim() ?? "");
    const number = meter === "" ? null : normalisedAssetNumber(meter, MAX_METER_BYTES);
    const [firstDay, lastDay] = [parseDay(from), parseDay(to)];
    if (number === null || firstDay === null || lastDay === null || !CERTIFICATE.test(id)) return null;
    if (firstDay > lastDay || lastDay - firstDay > MAX_DAYS || !isEnergy(energy)) return null;
    const microKwh = scaleDecimal(energy, MICRO_PLACES) * KWH_PER_MWH;
    return microKwh === 0n || microKwh > MAX_MICRO_KWH
      ? null
      : { meter: number, id, firstDay, lastDay, microKwh };
  };
}

/** A plain decimal of megawatt-hours, to the millionth. */
function isEnergy(text: string): boolean {
  const places = text.split(".")[1]?.length ?? 0;
  return text.length <= MAX_ENERGY_CHARACTERS && places <= MICRO_PLACES && isMinimalDecimal(text);
}

function refusal(row: number, code: keyof typeof SENTENCES): ClaimsReport["refused"][number] {
  return { row, code, sentence: SENTENCES[code] };
}

/** CSV needs no scratch file. */
function noScratch(): never {
  throw new InputError("claims.header", "Certificates come as CSV.");
}
