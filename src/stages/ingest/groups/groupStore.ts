import { KIB } from "../../../base/lib/sizes.ts";
import { overCap, type IngestCaps } from "../caps.ts";
import type { OpenScratch, ScratchFile } from "../ports.ts";

/** A row that waits for the others of its group. */
export interface GroupItem {
  /** What the group has in common: a card, a meter. */
  readonly key: string;
  readonly row: number;
  readonly raw: string;
  readonly fields: readonly string[];
  /** Unix seconds by which a group is put in order. */
  readonly at: number;
  /** The other instant that the clock showed so, where it was set back; else as `at`. */
  readonly laterAt: number;
  /** The row's own id where it has one. */
  readonly id: string;
  /** What more the grouping knows of the row. */
  readonly kind: number;
}

const PARTS = 256;
const BLOCK_CHARACTERS = 16 * KIB;

interface Part {
  lines: string[];
  characters: number;
  bytes: number;
  blocks: { position: number; length: number }[];
}

/**
 * Brings the rows of each group together whatever their order in the file: rows are spooled into 256 parts by
 * a hash of their key, and part by part is read back and put in order. Memory is that of one part, whose
 * bytes the cap `groupBytes` bounds.
 */
export class GroupStore {
  readonly #openScratch: OpenScratch;
  readonly #most: number;
  #scratch: ScratchFile | null = null;
  readonly #parts: Part[] = Array.from({ length: PARTS }, () => ({
    lines: [],
    characters: 0,
    bytes: 0,
    blocks: [],
  }));

  constructor(openScratch: OpenScratch, caps: IngestCaps) {
    this.#openScratch = openScratch;
    this.#most = caps.groupBytes;
  }

  /** @throws InputError `input.over-cap` */
  async add(item: GroupItem): Promise<void> {
    const part = this.#parts[partOf(item.key)] as Part;
    const line = JSON.stringify([
      item.key,
      item.row,
      item.raw,
      item.fields,
      item.at,
      item.laterAt,
      item.id,
      item.kind,
    ]);
    part.lines.push(line);
    part.characters += line.length;
    if (part.characters > BLOCK_CHARACTERS) await this.#write(part);
  }

  /**
   * The groups, each complete, in an order that depends on their keys alone. Rows of a group come as they
   * were added.
   */
  async *groups(): AsyncGenerator<GroupItem[]> {
    for (const part of this.#parts) {
      const byKey = new Map<string, GroupItem[]>();
      for await (const item of this.#items(part)) {
        const group = byKey.get(item.key);
        if (group) group.push(item);
        else byKey.set(item.key, [item]);
      }
      for (const key of [...byKey.keys()].toSorted()) yield byKey.get(key) ?? [];
    }
  }

  async close(): Promise<void> {
    await this.#scratch?.close();
  }

  async *#items(part: Part): AsyncGenerator<GroupItem> {
    for (const { position, length } of part.blocks) {
      const bytes = (await this.#scratch?.read(position, length)) ?? new Uint8Array();
      yield* Buffer.from(bytes).toString("utf8").split("\n").map(itemOf);
    }
    yield* part.lines.map(itemOf);
  }

  async #write(part: Part): Promise<void> {
    this.#scratch ??= await this.#openScratch();
    const bytes = Buffer.from(part.lines.join("\n"));
    part.bytes += bytes.length;
    if (part.bytes > this.#most) throw overCap("groupBytes", this.#most);
    part.blocks.push({ position: this.#scratch.size, length: bytes.length });
    await this.#scratch.append(bytes);
    part.lines = [];
    part.characters = 0;
  }
}

function itemOf(line: string): GroupItem {
  const [key, row, raw, fields, at, laterAt, id, kind] = JSON.parse(line) as [
    string,
    number,
    string,
    string[],
    number,
    number,
    string,
    number,
  ];
  return { key, row, raw, fields, at, laterAt, id, kind };
}

/** FNV-1a over UTF-16 units. */
function partOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % PARTS;
}
