import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

/** Own source files that an entry loads, itself among them; types are erased and load nothing. */
function loadedFrom(entry: string, seen = new Map<string, string>()): Map<string, string> {
  const path = resolve(entry);
  if (seen.has(path) || !path.endsWith(".ts")) return seen;
  const text = readFileSync(path, "utf8");
  seen.set(path, text);
  for (const [, clause = "", specifier = ""] of text.matchAll(
    /^(?:import|export)\s([^;]*?)\sfrom\s+"(\.[^"]+)"/gm,
  )) {
    if (!clause.startsWith("type ")) loadedFrom(resolve(path, "..", specifier), seen);
  }
  return seen;
}

it.each(["index.ts", "verifyProof.ts", "verifyArchive.ts", "httpArchive.ts", "sentences/verdictText.ts"])(
  "%s loads nothing that a browser does not have",
  (entry) => {
    const loaded = loadedFrom(`src/verify/${entry}`);
    const foreign = [...loaded]
      .filter(([, text]) => /"node:|\bBuffer\b|\brequire\(|__dirname/.test(text))
      .map(([path]) => path);
    expect(foreign).toEqual([]);
    if (entry === "verifyProof.ts")
      expect([...loaded.keys()].some((path) => path.endsWith("format/batch/leaf.ts"))).toBe(true);
  },
);
