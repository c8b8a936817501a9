import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import type { Source } from "./openSource.ts";

/** A piece's rows are read at one go, so pieces are small. */
const PIECE_BYTES = 2 ** 15;

/** What came in one request, as a source like any file. Whoever reads it lets others in between pieces. */
export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        yield bytes.subarray(at, at + PIECE_BYTES);
        await yieldToEventLoop();
      }
    },
    close: () => Promise.resolve(),
  };
}
