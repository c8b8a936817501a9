/**
 * A row that was not taken, as the rejects file shows it. Duplicates go into the same file under their own
 * codes.
 */
export interface RejectedRow {
  readonly row: number;
  readonly field: string | null;
  readonly code: string;
  readonly sentence: string;
  readonly raw: string;
}

/**
 * Cells that begin so are read as formulas by spreadsheets. The apostrophe is in the list so that taking it
 * off again is unambiguous.
 */
const GUARDED = /^[=+\-@\t\r\n']/;

/** `rowId`: the provider's id of the row, where rows of such files have one. */
export type RefusedRow = RejectedRow & { readonly rowId: string | null };

/** First line of a rejects file. */
export const REJECTS_HEADER = '"row","field","code","sentence","raw"\r\n';

/**
 * One line of a rejects file (RFC 4180, every cell quoted). `raw` is the whole row as it was read; it may
 * identify people.
 */
export function rejectLine({ row, field, code, sentence, raw }: RejectedRow): string {
  return `${[String(row), field ?? "", code, sentence, raw].map(quoteCell).join(",")}\r\n`;
}

function quoteCell(text: string): string {
  const guarded = GUARDED.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}
