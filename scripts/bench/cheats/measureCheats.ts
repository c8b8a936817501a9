import { readFile } from "node:fs/promises";
import type { Context } from "../../../src/app/context.ts";
import type { LabelledFile } from "../../../src/demo/generateCheats.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { withProvider, withRegion } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";

/** What became of one kind of cheat. */
export interface KindResult {
  readonly kind: string;
  readonly strength: string;
  /** Cheats, and those of which at least one act was refused. */
  readonly stories: number;
  readonly noticed: number;
  /** Their acts, and those that were refused: what goes beyond a cap, not what stays below it. */
  readonly acts: number;
  readonly refused: number;
  /** By which codes. */
  readonly codes: Readonly<Record<string, number>>;
}

export interface HonestResult {
  readonly kind: string;
  readonly acts: number;
  readonly refused: number;
}

export interface CheatReport {
  readonly cheats: readonly KindResult[];
  /** Acts of people who never cheat. */
  readonly honest: readonly HonestResult[];
  /** Honest acts of people who cheat: what is told falsely first keeps out what is told truly later. */
  readonly besideCheats: HonestResult;
}

/** Ingests generated files and compares what was refused with their labels. */
export async function measureCheats(context: Context, files: readonly LabelledFile[]): Promise<CheatReport> {
  const cheats = new Map<
    string,
    {
      acts: number;
      refused: number;
      stories: Set<number>;
      noticed: Set<number>;
      codes: Record<string, number>;
    }
  >();
  const honest = new Map<string, { acts: number; refused: number }>();
  const cheaters = new Set(
    files.flatMap(({ labels }) => labels.flatMap(({ isCheat, person }) => (isCheat ? [person] : []))),
  );
  for (const file of files) {
    const codes = await refusedRows(context, file);
    file.labels.forEach((label, i) => {
      const code = codes.get(i + 1);
      if (!label.isCheat) {
        const kind = cheaters.has(label.person) ? "beside-cheats" : label.kind;
        const found = honest.get(kind) ?? { acts: 0, refused: 0 };
        honest.set(kind, { acts: found.acts + 1, refused: found.refused + (code === undefined ? 0 : 1) });
        return;
      }
      const name = `${label.kind} ${label.strength}`;
      const found = cheats.get(name) ?? {
        acts: 0,
        refused: 0,
        stories: new Set(),
        noticed: new Set(),
        codes: {},
      };
      cheats.set(name, found);
      found.acts++;
      found.stories.add(label.story);
      if (code === undefined) return;
      found.refused++;
      found.noticed.add(label.story);
      found.codes[code] = (found.codes[code] ?? 0) + 1;
    });
  }
  const { "beside-cheats": beside = { acts: 0, refused: 0 }, ...others } = Object.fromEntries(honest);
  return {
    cheats: [...cheats].map(([name, { stories, noticed, ...counts }]) => {
      const [kind = "", strength = ""] = name.split(" ");
      return { kind, strength, stories: stories.size, noticed: noticed.size, ...counts };
    }),
    honest: Object.entries(others).map(([kind, counts]) => ({ kind, ...counts })),
    besideCheats: { kind: "beside-cheats", ...beside },
  };
}

/** Codes of the rows that were not accepted, by row. */
async function refusedRows(context: Context, { path, region }: LabelledFile): Promise<Map<number, string>> {
  const [rejectsFile, duplicatesFile] = [`${path}.rejects.csv`, `${path}.duplicates.csv`];
  const profile = withRegion(withProvider(shippedProfile("canonical-csv"), "demo-cheats"), region);
  await ingestFile(context, { file: path, profile, rejectsFile, duplicatesFile, lookupFolder: null });
  const texts = await Promise.all([rejectsFile, duplicatesFile].map((file) => readFile(file, "utf8")));
  const lines = texts.flatMap((text) => [...text.matchAll(/^"([0-9]+)","[^"]*","([^"]+)"/gm)]);
  return new Map(lines.map(([, row, code = ""]) => [Number(row), code]));
}
