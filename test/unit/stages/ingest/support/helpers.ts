import { existsSync } from "node:fs";
import { join } from "node:path";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import type { IngestCaps } from "../../../../../src/stages/ingest/caps.ts";
import { parseProfile } from "../../../../../src/stages/ingest/profile/profile.ts";
import type { Profile } from "../../../../../src/stages/ingest/schema/profileSchema.ts";
import {
  readActivities,
  type RowChunk,
  type RowOutcome,
} from "../../../../../src/stages/ingest/readActivities.ts";

/** 2026-09-21T14:13:20Z, later than every act of the tests. */
export const NOW = 1_790_000_000 as UnixSeconds;

/** Folder of the real data, which never ships with the project. */
export const DATA = process.env["MICROTONNE_DATA"] ?? "../shared/data";
export const dataFile = (path: string): string => join(DATA, path);
export const hasData = existsSync(DATA);

/** The lines of a profile for small tests; `parts` replaces or adds top-level keys, null removes one. */
export function profileText(parts: Readonly<Record<string, string | null>> = {}): string {
  const all: Record<string, string | null> = {
    schema: "microtonne-profile/1",
    name: "small",
    description: "For tests.",
    provider: "{ id: small, name: Small }",
    region: "WUHAN",
    format: "{ kind: csv }",
    recordId: "{ columns: [id] }",
    scenario: "{ constant: bike }",
    time: "{ format: unix-seconds }",
    start: "{ columns: [start] }",
    end: "{ columns: [end] }",
    quantity: "{ column: km, unit: km, as: km }",
    ...parts,
  };
  return Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value ?? ""}\n`)
    .join("");
}
export const smallProfile = (parts: Readonly<Record<string, string | null>> = {}): Profile =>
  parseProfile(profileText(parts));

export type Content = string | Uint8Array;

/** A file as a stream, cut into pieces of `size` bytes. */
export async function* pieces(content: Content, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface ReadSettings {
  readonly caps?: Partial<IngestCaps>;
  readonly chunkRows?: number;
  readonly pieceSize?: number;
  readonly lookups?: Readonly<Record<string, Content>>;
  readonly now?: UnixSeconds;
  readonly exchangeDates?: boolean;
}

export async function readChunks(
  profile: Profile,
  content: Content | AsyncIterable<Uint8Array>,
  settings: ReadSettings = {},
): Promise<RowChunk[]> {
  const source =
    typeof content === "string" || content instanceof Uint8Array
      ? pieces(content, settings.pieceSize)
      : content;
  const chunks: RowChunk[] = [];
  const openLookup = (name: string): AsyncIterable<Uint8Array> => {
    const found = settings.lookups?.[name];
    if (found === undefined) throw new Error(`no lookup file ${name} in this test`);
    return pieces(found);
  };
  const { now = NOW, caps, chunkRows, exchangeDates = false } = settings;
  const options = {
    now,
    openLookup,
    openScratch: scratchIn(),
    exchangeDates,
    ...(caps && { caps }),
    ...(chunkRows !== undefined && { chunkRows }),
  };
  for await (const chunk of readActivities(profile, source, options)) chunks.push(chunk);
  return chunks;
}

export async function readAll(
  profile: Profile,
  content: Content | AsyncIterable<Uint8Array>,
  settings: ReadSettings = {},
): Promise<RowOutcome[]> {
  return (await readChunks(profile, content, settings)).flatMap((chunk) => chunk.outcomes);
}

/** `ok`, or the reason code, of each row. */
export async function codes(
  profile: Profile,
  content: Content,
  settings: ReadSettings = {},
): Promise<string[]> {
  return (await readAll(profile, content, settings)).map((outcome) =>
    outcome.kind === "record" ? "ok" : outcome.code,
  );
}

/** How often each code came. */
export function tally(found: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of found) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
