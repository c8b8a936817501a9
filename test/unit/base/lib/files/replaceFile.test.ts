import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceFile } from "../../../../../src/base/lib/files/replaceFile.ts";

describe("a file that is replaced", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-replace-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("has what was written last, and leaves nothing beside it", async () => {
    const path = join(folder, "a.json");
    await replaceFile(path, "first, and longer");
    await replaceFile(path, new TextEncoder().encode("second"), 0o600);
    expect(readFileSync(path, "utf8")).toBe("second");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("is as it was where the new one can't be written", async () => {
    const path = join(folder, "a.json");
    await replaceFile(path, "first");
    mkdirSync(`${path}.new`);
    await expect(replaceFile(path, "second")).rejects.toMatchObject({ code: "EISDIR" });
    expect(readFileSync(path, "utf8")).toBe("first");
  });
});
