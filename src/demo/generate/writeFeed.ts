import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { milligrams } from "../../base/lib/mass.ts";
import type { PlannedFile, Planted } from "../cityDay.ts";
import type { Act, City, Feed, Flaw } from "./feed.ts";
import { planRows } from "./plannedRows.ts";
import { rowsOf } from "./rowsOf.ts";
import { writeRows } from "./writeRows.ts";

const PROFILES = new URL("../profiles/", import.meta.url);

/** Writes one provider's file. */
export async function writeFeed<A extends Act, Parts>(
  city: City,
  folder: string,
  feed: Feed<A, Parts>,
  rows: number,
): Promise<PlannedFile> {
  const plan = planRows(feed, rows);
  let saved = 0n;
  function* lines(): Generator<string> {
    for (const { kind, act } of rowsOf(city, feed, plan)) {
      if (kind === "act" || kind === "aggregated") saved += BigInt(feed.milligramsDown(act));
      yield textOf(feed, act, kind);
    }
  }
  const described = describe(folder, feed);
  await writeRows({ ...feed, path: described.path }, lines());
  return {
    ...described,
    rows,
    planted: {
      accepted: plan.acts + plan.aggregated,
      rejected: countsOf(feed.flaws, plan.flaws),
      duplicates: withoutZeros({
        "duplicate.record-id": plan.replay,
        "duplicate.same-content": plan.sameContent,
      }),
    },
    aggregated: plan.aggregated,
    milligrams: milligrams(saved),
  };
}

/** The text of a row, spoiled where `kind` is the index of a flaw. */
export function textOf<A extends Act, Parts>(
  feed: Omit<Feed<A, Parts>, "draw">,
  act: A,
  kind: unknown,
): string {
  const parts = feed.parts(act);
  const flaw = typeof kind === "number" ? feed.flaws[kind] : undefined;
  return flaw ? flaw.spoil(parts) : feed.line(parts);
}

/** What is known of a file before it is written. */
export function describe(
  folder: string,
  { provider, file, format }: Pick<Feed<Act, unknown>, "provider" | "file" | "format">,
): Pick<PlannedFile, "path" | "profile" | "provider" | "format"> {
  return {
    path: join(folder, file),
    profile: fileURLToPath(new URL(`${provider}.yaml`, PROFILES)),
    provider,
    format,
  };
}

/** Rows per reason code; two flaws may share one. */
export function countsOf(
  flaws: readonly Pick<Flaw<unknown>, "code">[],
  counts: readonly number[],
): Planted["rejected"] {
  const byCode: Record<string, number> = {};
  flaws.forEach(({ code }, i) => (byCode[code] = (byCode[code] ?? 0) + (counts[i] as number)));
  return withoutZeros(byCode);
}

export function withoutZeros<T extends Readonly<Record<string, number>>>(counts: T): Partial<T> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<T>;
}
