import type { Source } from "./importRules.ts";

/** What is no test lies in a folder `support`. */
export function straysAmongTests(paths: readonly string[]): string[] {
  return paths.filter(
    (path) =>
      /^test\/(?:unit|integration|e2e)\//.test(path) &&
      path.endsWith(".ts") &&
      path.endsWith(".test.ts") === path.includes("/support/"),
  );
}

/** Unit tests whose folder is no folder of `folders`: `test/unit/a/b` mirrors `src/a/b`, or `scripts/…`. */
export function unmirroredTests(paths: readonly string[], folders: ReadonlySet<string>): string[] {
  return paths.filter((path) => {
    const room = /^test\/unit\/(.+)\/[^/]+\.test\.ts$/.exec(path)?.[1];
    if (room === undefined) return path.startsWith("test/unit/") && path.endsWith(".test.ts");
    return !folders.has(room.startsWith("scripts/") ? room : `src/${room}`);
  });
}

/** Lines of more than `width` characters. */
export function wideLines(files: readonly Source[], width: number): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) => (line.length > width ? [`${path}:${String(i + 1)}`] : [])),
  );
}
