const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is none of that name",
  ENOTDIR: "a part of its path is a file and no folder",
  EISDIR: "it is a folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EFBIG: "it is larger than any file of its kind",
  EEXIST: "something of that name is there",
};

/** What the system says of a file, as a sentence's end: `: it is a folder`; "" for what it rarely says. */
export function fileFault(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const fault = FAULTS[code];
  return fault === undefined ? "" : `: ${fault}`;
}
