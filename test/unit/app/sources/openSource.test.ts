import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { openSource } from "../../../../src/app/sources/openSource.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { textOf } from "./support/textOf.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-source-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = (cap = "1000000000") => parseConfig({ MICROTONNE_MAX_INPUT_BYTES: cap }, { folder });

describe("a file as a source", () => {
  it("says how large it is, and is read as often as one likes", async () => {
    const file = join(folder, "rides.csv");
    writeFileSync(file, "recordId\nr1\n");
    for (const twice of [true, false]) {
      const source = await openSource(config(), file, { twice });
      expect(source.size).toBe(12);
      for (const _ of [1, 2]) expect(await textOf(source.open())).toBe("recordId\nr1\n");
      await source.close();
    }
    expect(readdirSync(folder), "nothing is spooled").toEqual(["rides.csv"]);
  });

  it("is refused where it is none, before it is opened", async () => {
    await expect(openSource(config(), folder, { twice: false })).rejects.toMatchObject({
      code: "file.unreadable",
      message: `${folder} can't be read: it is a folder, or no plain file.`,
    });
    const missing = join(folder, "none.csv");
    await expect(openSource(config(), missing, { twice: false })).rejects.toMatchObject({
      code: "file.unreadable",
      message: `${missing} can't be read: there is none of that name.`,
    });
  });
});

describe("standard input as a source", () => {
  afterEach(() => vi.restoreAllMocks());
  const comes = (...pieces: readonly (Uint8Array | string)[]): void => {
    const stream = Readable.from(pieces.map((piece) => (typeof piece === "string" ? utf8(piece) : piece)));
    vi.spyOn(process, "stdin", "get").mockReturnValue(stream as unknown as typeof process.stdin);
  };

  it("comes once, of a length that nobody knows", async () => {
    comes("recordId\n", "r1\n");
    const source = await openSource(config(), "-", { twice: false });
    expect(source.size).toBeNull();
    expect(await textOf(source.open())).toBe("recordId\nr1\n");
    await source.close();
  });

  it("is spooled where it must be read twice, whatever its length", async () => {
    const large = new Uint8Array(3 * 2 ** 18 + 5).map((_, at) => 97 + (at % 26));
    comes("first ", large, " last");
    const source = await openSource(config(), "-", { twice: true });
    expect(source.size).toBe(6 + large.length + 5);
    const whole = `first ${Buffer.from(large).toString("utf8")} last`;
    for (const _ of [1, 2]) expect((await textOf(source.open())) === whole).toBe(true);
    let largest = 0;
    for await (const piece of source.open()) largest = Math.max(largest, piece.length);
    expect(largest, "pieces of 256 KiB").toBe(2 ** 18);
    await source.close();
    await expect(textOf(source.open())).rejects.toThrow("closed");
  });

  it("that is empty is a source without bytes", async () => {
    comes();
    const source = await openSource(config(), "-", { twice: true });
    expect(source.size).toBe(0);
    expect(await textOf(source.open())).toBe("");
    await source.close();
  });

  it("is spooled up to the cap on a file and not a byte further", async () => {
    comes("12345", "67890");
    const source = await openSource(config("10"), "-", { twice: true });
    expect(source.size).toBe(10);
    await source.close();
    comes("12345", "678901");
    await expect(openSource(config("10"), "-", { twice: true })).rejects.toMatchObject({
      code: "input.over-cap",
      message: expect.stringContaining("The input goes over the cap inputBytes (10).") as unknown,
    });
  });
});
