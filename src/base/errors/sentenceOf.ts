import type { Remedy } from "./remedy.ts";

/** What a door says of each act; complete by its type. */
export type RemedySentences = {
  readonly [Act in Remedy["act"]]: (remedy: Extract<Remedy, { act: Act }>) => string;
};

/** The sentence of a door's table for a remedy. */
export function sentenceOf(sentences: RemedySentences, remedy: Remedy): string {
  // The compiler does not see that the act and its arguments are of one member.
  return (sentences[remedy.act] as (remedy: Remedy) => string)(remedy);
}
