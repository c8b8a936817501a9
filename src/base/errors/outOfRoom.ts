import { UnavailableError } from "./errors.ts";

/** A file could not be written for want of room: the disk is full, or a quota is used up. */
const NO_ROOM: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the system says of a disk without room, as an error that trying again may mend; else null. */
export function outOfRoom(cause: unknown): UnavailableError | null {
  if (!(cause instanceof Error) || !("code" in cause) || !NO_ROOM.has(cause.code)) return null;
  return noRoom(cause);
}

export function noRoom(cause?: unknown): UnavailableError {
  return new UnavailableError(
    "storage.full",
    "The disk of the data folder has no room left, so nothing is written. Make room; then it goes " +
      "on by itself.",
    { cause },
  );
}
