/** The first digits of an id, enough for every command that takes one. */
export function shortId(id: string): string {
  return id.slice(0, 14);
}
