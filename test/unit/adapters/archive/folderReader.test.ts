import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folderReader } from "../../../../src/adapters/archive/folderReader.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-reader-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a reader of an archive's folder", () => {
  it.each(["../secret", "leaves/../../secret", "/etc/passwd", "leaves\\000", ""])(
    "refuses the path %j",
    async (path) => {
      await writeFile(join(folder, "secret"), "s");
      await expect(folderReader(join(folder, "x")).read(path)).rejects.toMatchObject({
        code: "archive.path",
      });
    },
  );

  it("reads a file of the length it must have, and a shorter one as it is", async () => {
    await writeFile(join(folder, "tile"), Uint8Array.of(1, 2, 3));
    await symlink(join(folder, "tile"), join(folder, "link"));
    const source = folderReader(folder);
    for (const length of [3, 4, undefined])
      expect(await source.read("tile", length)).toEqual(Uint8Array.of(1, 2, 3));
    expect(await source.read("link", 3)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("refuses a longer file before it takes memory for it, the manifest among them", async () => {
    // Holes take no room on the disk: a stranger's archive of a few kilobytes unpacks to this.
    for (const path of ["manifest.json", "tile"]) {
      await writeFile(join(folder, path), "");
      await truncate(join(folder, path), 1_200_000_000);
    }
    const before = process.memoryUsage.rss();
    const source = folderReader(folder);
    for (const read of [source.read("tile", 64), source.read("manifest.json")]) {
      await expect(read).rejects.toMatchObject({
        code: "archive.length",
        message: expect.stringContaining("has 1200000000 bytes") as string,
      });
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  it("names what is no file, and waits for none of it", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await mkdir(join(folder, "folder"));
    await symlink("/dev/zero", join(folder, "zeros"));
    const server = createServer().listen(join(folder, "socket"));
    try {
      for (const path of ["pipe", "folder", "zeros", "socket"])
        await expect(folderReader(folder).read(path)).rejects.toMatchObject({
          code: "archive.file",
          message: expect.stringContaining(path) as string,
        });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("names what is missing or can't be opened", async () => {
    await writeFile(join(folder, "file"), "");
    await symlink(join(folder, "loop"), join(folder, "loop"));
    const source = folderReader(folder);
    await expect(source.read("nothing")).rejects.toMatchObject({ code: "archive.missing" });
    await expect(source.read("file/below")).rejects.toMatchObject({ code: "archive.missing" });
    await expect(source.read("loop")).rejects.toMatchObject({ code: "file.unreadable" });
  });
});
