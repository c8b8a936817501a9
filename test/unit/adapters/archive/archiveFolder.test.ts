import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveFolder } from "../../../../src/adapters/archive/archiveFolder.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";

const batchId = `0x${"ab".repeat(32)}` as BatchId;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-archive-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("an archive folder", () => {
  it("shows nothing of a draft before it is published, all of it after", async () => {
    const archive = archiveFolder(folder);
    const draft = await archive.draft("one");
    await draft.write("leaves/000", Uint8Array.of(1, 2));
    await expect(archive.reader(batchId).read("leaves/000")).rejects.toMatchObject({
      code: "archive.missing",
    });
    await draft.publish(batchId);
    expect(await archive.reader(batchId).read("leaves/000")).toEqual(Uint8Array.of(1, 2));
  });

  it("throws away what a crash left of a draft of the same name", async () => {
    const archive = archiveFolder(folder);
    const left = await archive.draft("one");
    await left.write("leaves/x001/000", Uint8Array.of(9));
    left.close();
    await (await archive.draft("one")).publish(batchId);
    await expect(archive.reader(batchId).read("leaves/x001/000")).rejects.toMatchObject({
      code: "archive.missing",
    });
  });

  it("has one writer of a draft at a time, until it is published or let go", async () => {
    const archive = archiveFolder(folder);
    const first = await archive.draft("one");
    await expect(archive.draft("one")).rejects.toMatchObject({ code: "archive.locked" });
    await (await archive.draft("two")).publish(batchId);
    first.close();
    const second = await archive.draft("one");
    first.close();
    await expect(archive.draft("one")).rejects.toMatchObject({ code: "archive.locked" });
    second.close();
    expect((await readdir(folder)).toSorted()).toEqual([".draft-one", batchId.slice(2)]);
  });

  it("publishes the same batch twice without harm", async () => {
    const archive = archiveFolder(folder);
    for (const name of ["one", "two"]) {
      const draft = await archive.draft(name);
      await draft.write("manifest.json", Uint8Array.of(5));
      await draft.publish(batchId);
    }
    expect(await readdir(folder)).toEqual([batchId.slice(2)]);
  });

  it("puts a whole archive in the place of one without a manifest, which is half-written", async () => {
    await mkdir(join(folder, batchId.slice(2), "leaves"), { recursive: true });
    await writeFile(join(folder, batchId.slice(2), "leaves", "000"), "half");
    const archive = archiveFolder(folder);
    const draft = await archive.draft("one");
    await draft.write("leaves/000", Uint8Array.of(1));
    await draft.write("manifest.json", Uint8Array.of(5));
    await draft.publish(batchId);
    expect(await archive.reader(batchId).read("leaves/000")).toEqual(Uint8Array.of(1));
    expect(await readdir(folder)).toEqual([batchId.slice(2)]);
  });

  it("never writes over a file of a draft", async () => {
    const draft = await archiveFolder(folder).draft("one");
    await draft.write("leaves/000", Uint8Array.of(1));
    await expect(draft.write("leaves/000", Uint8Array.of(2))).rejects.toMatchObject({ code: "EEXIST" });
  });
});
