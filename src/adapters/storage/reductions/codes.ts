import { toHex } from "../../../base/lib/bytes.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { Session } from "../engine/database.ts";

interface SourceRow {
  readonly source: number;
  readonly provider: string;
  readonly methodology: string;
  readonly scenario: string;
  readonly unit: string;
  readonly region: string;
  readonly grade: string;
  /** Empty for none. */
  readonly consent_text: string;
}
type SourceFields = Omit<SourceRow, "source">;
const FIELDS = ["provider", "methodology", "scenario", "unit", "region", "grade", "consent_text"] as const;

/** Numbers of what these reductions have in common with many others; entered where they are new. */
export async function sourceCodes(
  tx: Session,
  tenant: TenantId,
  reductions: readonly { readonly reduction: Reduction }[],
): Promise<(reduction: Reduction) => number> {
  const wanted = new Map<string, SourceFields>();
  let last: Reduction | null = null;
  for (const { reduction } of reductions) {
    if (last !== null && sameSource(last, reduction)) continue;
    last = reduction;
    wanted.set(sourceName(reduction), fieldsOf(reduction));
  }
  const find = async (): Promise<Map<string, number>> => {
    const rows = await tx.query<SourceRow>(
      `SELECT source, provider, '0x' || encode(methodology, 'hex') AS methodology, scenario, unit, region,
         grade, consent_text
       FROM sources WHERE tenant = $1 AND provider = ANY($2::text[])`,
      [tenant, [...new Set(Array.from(wanted.values(), ({ provider }) => provider))]],
    );
    return new Map(rows.map((row) => [nameOf(row), row.source]));
  };
  let codes = await find();
  const missing = [...wanted].filter(([name]) => !codes.has(name)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (missing.length > 0) {
    await tx.query(
      `INSERT INTO sources (tenant, provider, methodology, scenario, unit, region, grade, consent_text)
       SELECT $1, provider, decode(substr(methodology, 3), 'hex'), scenario, unit, region, grade, consent_text
       FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         AS s (provider, methodology, scenario, unit, region, grade, consent_text) ON CONFLICT DO NOTHING`,
      [tenant, ...FIELDS.map((field) => missing.map(([, fields]) => fields[field]))],
    );
    codes = await find();
  }
  // Rows of one source follow one another.
  let [of, code] = [null as Reduction | null, 0];
  return (reduction) => {
    if (of === null || !sameSource(of, reduction))
      [of, code] = [reduction, codes.get(sourceName(reduction)) as number];
    return code;
  };
}

function sameSource(a: Reduction, b: Reduction): boolean {
  return (
    a.methodologyId === b.methodologyId &&
    a.record.scenario === b.record.scenario &&
    a.record.provider === b.record.provider &&
    a.record.unit === b.record.unit &&
    a.record.evidence === b.record.evidence &&
    a.record.consentText === b.record.consentText &&
    a.region === b.region
  );
}

function fieldsOf({ record, methodologyId, region }: Reduction): SourceFields {
  return {
    provider: record.provider,
    methodology: methodologyId,
    scenario: record.scenario,
    unit: record.unit,
    region,
    grade: record.evidence ?? "declared",
    consent_text: record.consentText ?? "",
  };
}

function sourceName(reduction: Reduction): string {
  return nameOf(fieldsOf(reduction));
}

function nameOf(row: SourceFields): string {
  return FIELDS.map((field) => row[field]).join("\0");
}

/** Numbers of keys that signed records; entered where they are new. */
export async function signingKeyCodes(
  tx: Session,
  tenant: TenantId,
  publicKeys: readonly Uint8Array[],
): Promise<(publicKey: Uint8Array) => number> {
  const wanted = [...new Set(publicKeys.map((key) => toHex(key)))].toSorted();
  if (wanted.length === 0) return () => 0;
  const find = async (): Promise<Map<string, number>> => {
    const rows = await tx.query<{ name: string; signing_key: number }>(
      `SELECT '0x' || encode(k.public_key, 'hex') AS name, k.signing_key FROM signing_keys k
       WHERE k.tenant = $1
         AND k.public_key IN (SELECT decode(substr(w, 3), 'hex') FROM unnest($2::text[]) AS w)`,
      [tenant, wanted],
    );
    return new Map(rows.map((row) => [row.name, row.signing_key]));
  };
  let codes = await find();
  const missing = wanted.filter((name) => !codes.has(name));
  if (missing.length > 0) {
    await tx.query(
      `INSERT INTO signing_keys (tenant, public_key)
       SELECT $1, decode(substr(w, 3), 'hex') FROM unnest($2::text[]) AS w ON CONFLICT DO NOTHING`,
      [tenant, missing],
    );
    codes = await find();
  }
  return (publicKey) => codes.get(toHex(publicKey)) as number;
}
