import type { ServerResponse } from "node:http";
import { KIB, MIB } from "../../../base/lib/sizes.ts";

const PIECE_BYTES = 64 * KIB;
/** Of all answers that wait for their readers. */
const MAX_UNREAD_BYTES = 64 * MIB;

/** Answers that their readers have not taken yet, and that are held here for as long. */
export class UnreadAnswers {
  /** The one that has waited longest comes first. */
  readonly #held = new Map<ServerResponse, number>();
  #bytes = 0;

  /**
   * Sends an answer in pieces, each when the one before has been taken. Where all that wait come to more than
   * the service holds, those whose readers took nothing for longest are cut off.
   */
  async send(response: ServerResponse, bytes: Uint8Array): Promise<void> {
    response.setHeader("Content-Length", bytes.length);
    if (bytes.length <= PIECE_BYTES) {
      response.end(bytes);
      return;
    }
    const over = { isGone: false };
    const gone = new Promise<void>((resolve) =>
      response.once("close", () => {
        over.isGone = true;
        resolve();
      }),
    );
    this.#hold(response, bytes.length);
    try {
      for (let at = 0; at < bytes.length && !over.isGone; at += PIECE_BYTES) {
        if (response.write(bytes.subarray(at, at + PIECE_BYTES))) continue;
        await Promise.race([new Promise<void>((resolve) => response.once("drain", resolve)), gone]);
        this.#release(response);
        if (!over.isGone) this.#hold(response, bytes.length);
      }
      response.end();
    } finally {
      this.#release(response);
    }
  }

  #hold(response: ServerResponse, bytes: number): void {
    this.#held.set(response, bytes);
    this.#bytes += bytes;
    for (const [oldest] of this.#held) {
      // One answer alone may be as large as it is.
      if (this.#bytes <= MAX_UNREAD_BYTES || this.#held.size === 1) return;
      this.#release(oldest);
      // The whole connection: what is queued behind it would wait as long.
      oldest.socket?.destroy();
      oldest.destroy();
    }
  }

  #release(response: ServerResponse): void {
    this.#bytes -= this.#held.get(response) ?? 0;
    this.#held.delete(response);
  }
}
