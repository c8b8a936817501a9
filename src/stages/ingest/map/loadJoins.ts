import { DEFAULT_CAPS, type IngestCaps } from "../caps.ts";
import type { OpenScratch } from "../ports.ts";
import type { Join } from "../schema/profileSchema.ts";
import type { LoadedJoin } from "./joins.ts";
import {
  checkTableCaps,
  inlineTable,
  loadTable,
  type LookupTable,
  type OpenLookup,
  type TableSize,
} from "./loadTable.ts";

/** Caps on the tables of one profile, all together. */
export type LookupCaps = Pick<IngestCaps, "lookupRows" | "lookupBytes" | "lookupHeldBytes">;

/** A table, in use until `leave`. */
export interface HeldTable {
  readonly table: LookupTable;
  readonly leave: () => void;
}

/** Keeps tables for more than one file that is read, within bounds of its own. */
export interface LookupShelf {
  readonly caps: LookupCaps;
  /** @param terms what the table depends on beside the file's bytes; same file and terms, same table */
  take(file: string, terms: string, load: () => Promise<LookupTable>): Promise<HeldTable>;
}

export interface LookupOptions {
  readonly openLookup: OpenLookup;
  readonly openScratch: OpenScratch;
  /** Without one each reading loads its own. */
  readonly shelf?: LookupShelf | undefined;
  readonly caps?: Partial<IngestCaps> | undefined;
}

/** The joins of a profile, in use until `leave`. */
export interface HeldJoins {
  readonly joins: readonly LoadedJoin[];
  readonly leave: () => void;
}

/**
 * Loads a profile's lookup tables: one load for each file and set of columns, however many joins take it.
 * The caps are on all of them together.
 * @throws as `loadTable`
 */
export async function loadJoins(joins: readonly Join[], options: LookupOptions): Promise<HeldJoins> {
  const { openLookup, openScratch, shelf } = options;
  const caps: IngestCaps = { ...DEFAULT_CAPS, ...options.caps, ...shelf?.caps };
  const taken = new Map<string, HeldTable>();
  const leave = (): void => {
    for (const held of taken.values()) held.leave();
  };
  const sizeOf = (): TableSize => sum([...taken.values()].map(({ table }) => table.size));
  const fileTable = async (join: Join): Promise<LookupTable> => {
    const { file, format, key, fields, dropSuffix } = join;
    const terms = JSON.stringify([format, key, fields, dropSuffix]);
    const id = JSON.stringify([file, terms]);
    const known = taken.get(id);
    if (known) return known.table;
    const before = sizeOf();
    const load = (): Promise<LookupTable> => loadTable(join, openLookup, openScratch, caps, before);
    const held = shelf
      ? await shelf.take(file ?? "", terms, load)
      : { table: await load(), leave: () => undefined };
    taken.set(id, held);
    checkTableCaps(sizeOf(), caps, file ?? "");
    return held.table;
  };
  try {
    const loaded: LoadedJoin[] = [];
    for (const join of joins)
      loaded.push({ join, table: join.inline ? inlineTable(join, join.inline) : await fileTable(join) });
    return { joins: loaded, leave };
  } catch (error) {
    leave();
    throw error;
  }
}

function sum(sizes: readonly TableSize[]): TableSize {
  const of = (name: keyof TableSize): number => sizes.reduce((total, size) => total + size[name], 0);
  return { rows: of("rows"), characters: of("characters"), heldBytes: of("heldBytes") };
}
