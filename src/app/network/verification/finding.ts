/** What a comparison is about. */
export type FindingArea = "creation" | "code" | "link" | "term" | "role" | "participant" | "pause";

/** One thing that was compared, or seen and told. */
export interface Finding {
  readonly area: FindingArea;
  /** "BatchRegistry: constructor argument threshold". */
  readonly what: string;
  /** `note`: neither right nor wrong by itself; whoever reads it should know. */
  readonly state: "ok" | "fault" | "note";
  readonly expected: string;
  readonly found: string;
  /** The whole finding as a sentence. */
  readonly says: string;
}

/** A value held against what it should be. */
export function compared(area: FindingArea, what: string, expected: string, found: string): Finding {
  const isOk = expected === found;
  const says = isOk
    ? `${what}: ${shown(found)}, as it should be.`
    : `${what}: it should be ${shown(expected)}, and it is ${shown(found)}.`;
  return { area, what, state: isOk ? "ok" : "fault", expected, found, says };
}

/** Something that should not be there at all. */
export function unexpected(area: FindingArea, what: string, found: string): Finding {
  return compared(area, what, "", found);
}

/** Something to know. */
export function noted(area: FindingArea, what: string, found: string): Finding {
  return { area, what, state: "note", expected: "", found, says: `${what}: ${shown(found)}.` };
}

function shown(text: string): string {
  return text === "" ? "none" : text;
}
