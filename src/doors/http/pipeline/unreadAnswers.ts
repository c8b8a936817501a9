import type { Response } from "express";
import { KIB, MIB } from "../../../base/lib/sizes.ts";

const PIECE_BYTES = 64 * KIB;
/** Of all answers that wait for their readers. */
const MAX_UNREAD_BYTES = 64 * MIB;

/** Answers that their readers have not taken yet, and that are held here for as long. */
export class UnreadAnswers {
  /** The one that has waited longest comes first. */
  readonly #held = new Map<Response, number>();
  #bytes = 0;

  /**
   * Sends an answer in pieces, each when the one before has been taken. Where all that wait come to more than
   * the service holds, those whose readers took nothing for longest are cut off.
   */
  async send(response: Response, bytes: Uint8Array): Promise<void> {
    response.set("Content-Length", String(bytes.length));
    if (bytes.length <= PIECE_BYTES) {
      response.end(bytes);
      return;
    }
    const gone = new Promise<void>((resolve) => response.once("close", resolve));
    this.#hold(response, bytes.length);
    try {
      for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE_BYTES) {
        if (response.write(bytes.subarray(at, at + PIECE_BYTES))) continue;
        await Promise.race([new Promise<void>((resolve) => response.once("drain", resolve)), gone]);
        this.#release(response);
        this.#hold(response, bytes.length);
      }
      response.end();
    } finally {
      this.#release(response);
    }
  }

  #hold(response: Response, bytes: number): void {
    this.#held.set(response, bytes);
    this.#bytes += bytes;
    for (const [oldest] of this.#held) {
      // One answer alone may be as large as it is.
      if (this.#bytes <= MAX_UNREAD_BYTES || this.#held.size === 1) return;
      this.#release(oldest);
      oldest.destroy();
    }
  }

  #release(response: Response): void {
    this.#bytes -= this.#held.get(response) ?? 0;
    this.#held.delete(response);
  }
}
