import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { UsageError } from "../../base/errors/errors.ts";
import { fileFault } from "../../base/errors/fileFault.ts";
import { rejectLine, REJECTS_HEADER, type RejectedRow } from "../../stages/ingest/rejectsCsv.ts";

/**
 * A CSV file of rows that were not taken. It appears under its name when it is complete; without a path
 * nothing is written.
 */
export class RowReport {
  readonly #path: string | null;
  #file: FileHandle | null;

  private constructor(path: string | null, file: FileHandle | null) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws UsageError `file.unwritable` */
  static async open(path: string | null): Promise<RowReport> {
    if (path === null) return new RowReport(null, null);
    try {
      // Rows name people: for the owner's eyes only.
      const file = await open(`${path}.part`, "w", 0o600);
      await file.writeFile(REJECTS_HEADER);
      return new RowReport(path, file);
    } catch (cause) {
      const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
      const fault = missing ? ": its folder is not there" : fileFault(cause);
      throw new UsageError("file.unwritable", `${path} can't be written${fault}.`, { cause });
    }
  }

  async write(rows: readonly RejectedRow[]): Promise<void> {
    if (rows.length > 0) await this.#file?.writeFile(rows.map((row) => rejectLine(row)).join(""));
  }

  async publish(): Promise<void> {
    if (!this.#file || this.#path === null) return;
    await this.#file.close();
    this.#file = null;
    await rename(`${this.#path}.part`, this.#path);
  }

  /** Throws away what was not published. */
  async close(): Promise<void> {
    if (!this.#file || this.#path === null) return;
    await this.#file.close();
    this.#file = null;
    await rm(`${this.#path}.part`, { force: true });
  }
}
