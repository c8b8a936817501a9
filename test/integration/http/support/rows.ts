/**
 * Rows of canonical NDJSON: metro rides in Wuhan, 12.5 km each, each of a subject of its own. 12.5 · 78.4 g =
 * 980,000 mg a row.
 */
export function ndjson(count: number, name: string): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify(ride(index, name))}\n`).join("");
}

export const MILLIGRAMS_A_RIDE = 980_000n;
export const NDJSON = "application/x-ndjson";

function ride(index: number, name: string): Readonly<Record<string, unknown>> {
  const day = String(1 + (index % 28)).padStart(2, "0");
  return {
    recordId: `${name}-${String(index)}`,
    subject: `subject-of-${name}-${String(index)}`,
    scenario: "metro",
    startedAt: `2025-06-${day}T08:00:00+08:00`,
    endedAt: `2025-06-${day}T08:30:00+08:00`,
    quantity: "12.5",
    unit: "passenger-km",
  };
}
