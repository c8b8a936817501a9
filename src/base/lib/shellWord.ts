/**
 * A text as one word of a POSIX shell's command line: as it is where no shell reads more into it, else in
 * quotes.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
