import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchIn, scratchOf } from "../../../../src/app/sources/scratch.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";

describe("a scratch file", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-scratch-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("lies in a folder of the data folder that nobody else may look into, and has no name", async () => {
    const scratch = await scratchOf({ folder })();
    expect(statSync(join(folder, "scratch")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, "scratch"))).toEqual([]);
    await scratch.close();
    const deeper = await scratchIn(join(folder, "a", "b"))();
    expect(readdirSync(join(folder, "a", "b"))).toEqual([]);
    await deeper.close();
  });

  it("gives back what was appended, from anywhere, and nothing behind its end", async () => {
    const scratch = await scratchIn()();
    expect(scratch.size).toBe(0);
    await scratch.append(utf8("abc"));
    await scratch.append(utf8(""));
    await scratch.append(utf8("defgh"));
    expect(scratch.size).toBe(8);
    const read = async (at: number, length: number) =>
      Buffer.from(await scratch.read(at, length)).toString("utf8");
    expect(await read(0, 8)).toBe("abcdefgh");
    expect(await read(2, 3)).toBe("cde");
    expect(await read(6, 100)).toBe("gh");
    for (const at of [8, 9, 1000]) expect(await read(at, 4)).toBe("");
    expect(await read(3, 0)).toBe("");
    await scratch.append(utf8("i"));
    expect(await read(7, 2)).toBe("hi");
    await scratch.close();
    await expect(scratch.read(0, 1)).rejects.toThrow("closed");
  });

  it("is another one at each call", async () => {
    const open = scratchIn(folder);
    const [first, second] = [await open(), await open()];
    await first.append(utf8("one"));
    expect(second.size).toBe(0);
    await second.append(utf8("two"));
    expect(Buffer.from(await first.read(0, 3)).toString("utf8")).toBe("one");
    await first.close();
    await second.close();
  });
});
