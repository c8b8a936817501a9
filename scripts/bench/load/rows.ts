/** What rows are sent as. */
export const NDJSON = "application/x-ndjson";
export const ROWS_PATH = "/v1/activities?profile=canonical-ndjson&provider=load-test";

/**
 * Rows `first` to `first + count` of a sender, as our own NDJSON: metro rides in ten days of June 2025, each
 * of a rider of its own.
 */
export function rowsText(sender: string, first: number, count: number): string {
  const lines: string[] = [];
  for (let row = first; row < first + count; row++) {
    const minute = String(row % 60).padStart(2, "0");
    const day = String(1 + (row % 10)).padStart(2, "0");
    lines.push(
      `{"recordId":"${sender}-${String(row)}","subject":"${sender}-rider-${String(row)}",` +
        `"scenario":"metro","startedAt":"2025-06-${day}T08:${minute}:00+08:00","endedAt":null,` +
        `"quantity":"12.4","unit":"passenger-km"}`,
    );
  }
  return `${lines.join("\n")}\n`;
}
