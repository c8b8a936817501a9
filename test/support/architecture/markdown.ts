/** The cells of every row of all tables whose header begins with these cells. */
export function tableRows(markdown: string, header: readonly string[]): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of markdown.split("\n")) {
    if (!line.startsWith("|")) {
      inside = false;
      continue;
    }
    const cells = line
      .slice(1, line.lastIndexOf("|"))
      .split("|")
      .map((cell) => cell.trim());
    if (header.every((name, i) => cells[i] === name)) inside = true;
    else if (inside && !/^-+$/.test(cells[0] ?? "")) rows.push(cells);
  }
  return rows;
}

/**
 * Every path of the project that a document names: relative links, and texts in backticks that begin with a
 * folder of the project.
 */
export function namedPaths(
  markdown: string,
  topFolders: readonly string[],
): { links: string[]; paths: string[] } {
  const links = [...markdown.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
  const paths = [...markdown.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map((match) => match[1] as string);
  return {
    links: links.filter((link) => !/^[a-z]+:/.test(link)),
    paths: paths.filter((path) => topFolders.includes(path.split("/")[0] as string)),
  };
}

/** Every npm script that a document tells the reader to run. */
export function namedScripts(markdown: string): string[] {
  return [...markdown.matchAll(/\bnpm run (?:-s )?([a-z][a-z:-]*)/g)].map((match) => match[1] as string);
}
