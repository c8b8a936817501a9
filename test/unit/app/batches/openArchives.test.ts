import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchives } from "../../../../src/app/batches/openArchives.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import { batchIdOf } from "../../../../src/format/batch/manifest.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-archives-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MANIFEST = Buffer.from("a manifest, whatever it says");
const ID = batchIdOf(MANIFEST);
const OTHER = `0x${"cd".repeat(32)}` as BatchId;
const place = (at: string) => {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "manifest.json"), MANIFEST);
};

describe("archives by batch", () => {
  it("are the one of a folder that holds one batch, whatever it is called, and no other's", async () => {
    place(folder);
    const archives = await openArchives(folder);
    expect(await archives(ID)?.read("manifest.json")).toEqual(new Uint8Array(MANIFEST));
    expect(archives(OTHER)).toBeNull();
  });

  it("are those of a folder that holds many by id; a missing one is told when it is read", async () => {
    place(join(folder, ID.slice(2)));
    const archives = await openArchives(folder);
    expect(await archives(ID)?.read("manifest.json")).toEqual(new Uint8Array(MANIFEST));
    await expect(archives(OTHER)?.read("manifest.json")).rejects.toMatchObject({ code: "archive.missing" });
  });

  it("are none where no folder is, and none in a folder of other things", async () => {
    writeFileSync(join(folder, "notes.txt"), "");
    await expect(openArchives(folder)).rejects.toEqual(refusedFor("verify.archive"));
    await expect(openArchives(folder)).rejects.toThrow(
      `${folder} holds no archive: neither a manifest.json nor folders named by their batches' ids.`,
    );
    const nowhere = join(folder, "nowhere");
    await expect(openArchives(nowhere)).rejects.toMatchObject({
      code: "file.unreadable",
      message: `The archive folder ${nowhere} can't be read: there is none of that name.`,
    });
  });

  it("with a manifest that is no file are not taken for many", async () => {
    mkdirSync(join(folder, "manifest.json"));
    mkdirSync(join(folder, ID.slice(2)));
    await expect(openArchives(folder)).rejects.toMatchObject({ code: "archive.file" });
  });
});
