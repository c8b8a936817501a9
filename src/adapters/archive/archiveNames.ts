import { DIGITS_OF_WORD32 } from "../../base/lib/textPatterns.ts";
import type { Locked } from "../../base/lib/files/lockToProcess.ts";

/** A batch's folder: its id without 0x. */
export const ARCHIVE_NAME = DIGITS_OF_WORD32;
/** What drafts' folders begin with. */
export const DRAFT_PREFIX = ".draft-";
export const DRAFT_NAME = /^\.draft-[0-9a-z-]+$/;
/** What is on its way out: nobody reads or writes it. */
export const TRASH_PREFIX = ".trash-";
/** What keeps others from a draft while it is written. */
export const BEING_WRITTEN: Locked = {
  code: "archive.locked",
  state: "this half-written archive in work",
  why: "Two writers would mix their files.",
};

/** The lock file of a draft. */
export function draftLock(draft: string): string {
  return `${draft}.lock`;
}
