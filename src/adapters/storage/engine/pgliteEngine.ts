import { statfsSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { MicrotonneError, UnavailableError } from "../../../base/errors/errors.ts";
import { noRoom } from "../../../base/errors/outOfRoom.ts";
import { MIB } from "../../../base/lib/sizes.ts";
import { byteaOfText } from "./byteaOfText.ts";
import { EngineEnded, mortalEngine } from "./mortalEngine.ts";
import { pinnedSettings } from "./pinnedSettings.ts";
import { isUnreachable } from "./sqlState.ts";

const BYTEA = 17;
const INT8 = 20;

/** Less is left alone: the log of what is under way must fit, and that of the closing database. */
const RESERVE_BYTES = 64 * MIB;
const LOOK_MILLISECONDS = 100;
/** Opening anew recovers the files, which takes a while and fails as long as there is no room. */
const REOPEN_MILLISECONDS = 2_000;

/**
 * The compiled database in one folder. It ends itself where it can't write; then it is opened anew, once
 * there is room, as after a crash.
 */
export class PgliteEngine {
  readonly #folder: string;
  #engine: PGlite | null = null;
  #hasEnded: () => boolean = () => true;
  #reopening: Promise<PGlite> | null = null;
  #triedAt = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #hasRoom = true;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws UnavailableError `storage.unavailable` */
  async open(): Promise<PGlite> {
    this.#triedAt = performance.now();
    try {
      const engine = await PGlite.create({
        dataDir: join(this.#folder, "cluster"),
        parsers: { [INT8]: BigInt, [BYTEA]: byteaOfText },
        // PGlite's own goes byte by byte: on a chunk's keys it took longer than looking them up.
        serializers: { [BYTEA]: textOfBytea },
      });
      this.#hasEnded = mortalEngine(engine);
      await engine.exec(pinnedSettings(""));
      return (this.#engine = engine);
    } catch (cause) {
      throw new UnavailableError(
        "storage.unavailable",
        `The embedded database in ${this.#folder} does not open. Restore the folder or choose another one.`,
        { cause },
      );
    }
  }

  /**
   * The engine as it is now, opened anew where it has ended. @throws UnavailableError `storage.full`,
   * `storage.unavailable`
   */
  async now(): Promise<PGlite> {
    if (this.#engine && !this.#hasEnded()) return this.#engine;
    if (this.#reopening) return this.#reopening;
    this.checkRoom();
    if (performance.now() - this.#triedAt < REOPEN_MILLISECONDS) throw ended();
    this.#reopening = this.open();
    try {
      return await this.#reopening;
    } catch (cause) {
      throw ended(cause);
    } finally {
      this.#reopening = null;
    }
  }

  /** Asked before each statement that may write. @throws UnavailableError `storage.full` */
  checkRoom(): void {
    const time = performance.now();
    if (time - this.#lookedAt > LOOK_MILLISECONDS) {
      this.#lookedAt = time;
      const { bavail, bsize } = statfsSync(this.#folder);
      this.#hasRoom = bavail * bsize >= RESERVE_BYTES;
    }
    if (!this.#hasRoom) throw noRoom();
  }

  /** A call of the engine; what ended it is said in our words. */
  async reaching<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (
        cause instanceof MicrotonneError ||
        !(cause instanceof EngineEnded || this.#hasEnded() || isUnreachable(cause))
      )
        throw cause;
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      this.checkRoom();
      throw ended(cause);
    }
  }

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    // One that has ended left its files as a crash does.
    if (engine && !engine.closed && !this.#hasEnded()) await engine.close();
  }
}

function ended(cause?: unknown): UnavailableError {
  return new UnavailableError(
    "storage.unavailable",
    "The embedded database could not write and has stopped; it is opened again at the next " +
      "request. If that " +
      "does not help, look for a limit on the size of files, or a damaged disk.",
    { cause },
  );
}

function textOfBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}
