/** What is to be said about rows that were accepted, with its sentence. Closed, like the reason codes. */
export const NOTE_SENTENCES = {
  "note.dates-exchanged":
    "Day and month of the row's times were exchanged back, as the profile says for files that look so.",
  "note.exit-without-entry": "The ride has an exit alone; its distance comes from the fare.",
  "note.subject-absent":
    "The row names no subject, so other platforms' reports of the act can't be recognised.",
  "note.capped":
    "A cap of the methodology on a day or a year left only a part of what the act came to: that part " +
    "is what counts.",
  "note.behaviour":
    "The act is behaviour: it is counted for an evaluation, and never minted, pooled or sold.",
} as const;

export type NoteCode = keyof typeof NOTE_SENTENCES;

/** All lists there can be, made once: by whether dates were exchanged, the entry lacks, the subject lacks. */
const LISTS: readonly (readonly NoteCode[])[] = Array.from({ length: 8 }, (_, bits) => {
  const codes: NoteCode[] = [];
  if (bits & 1) codes.push("note.dates-exchanged");
  if (bits & 2) codes.push("note.exit-without-entry");
  if (bits & 4) codes.push("note.subject-absent");
  return codes;
});

export function notesOf(
  datesExchanged: boolean,
  withoutEntry: boolean,
  withoutSubject: boolean,
): readonly NoteCode[] {
  return LISTS[(datesExchanged ? 1 : 0) + (withoutEntry ? 2 : 0) + (withoutSubject ? 4 : 0)] ?? [];
}
