import { closeSync, openSync, readSync } from "node:fs";
import { KIB } from "../sizes.ts";

/** Of a file that holds a key or a password. */
export const MAX_KEY_FILE_BYTES = 64 * KIB;

/**
 * The bytes of a file that is small by its kind, whatever is found under its name: a device has no size to
 * look at before, and no end.
 * @throws the system's own errors; Error with code `EFBIG` where there are more bytes than that
 */
export function readBoundedSync(path: string, mostBytes: number): Buffer {
  const file = openSync(path, "r");
  try {
    let bytes = Buffer.alloc(Math.min(mostBytes + 1, 64 * KIB));
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (length > mostBytes)
        throw Object.assign(new Error("The file is larger than any of its kind."), { code: "EFBIG" });
      if (read === 0) return bytes.subarray(0, length);
      if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(mostBytes + 1, 2 * bytes.length));
    }
  } finally {
    closeSync(file);
  }
}

/** The same for those who wait for other things as well. */
export function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  return new Promise((resolve) => resolve(readBoundedSync(path, mostBytes)));
}
