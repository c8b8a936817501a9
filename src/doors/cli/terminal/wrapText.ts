/**
 * Lines that are longer than `columns` in as many as they take, broken between words. What follows a list's
 * dash, or a name and the spaces behind it, stays under its beginning.
 */
export function wrapText(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string[] {
  const indent = /^(?:- |[a-zA-Z ]{2,12} {2,}|WARNING: | *)/.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(" ", columns);
    // A word that is longer stays whole.
    if (at <= indent) break;
    lines.push(rest.slice(0, at));
    rest = `${" ".repeat(indent)}${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}
