import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDeployment } from "../../../../../src/app/chain/readDeployment.ts";
import { readNetworkSettings } from "../../../../../src/app/process/networkFile.ts";
import { resolveProfile } from "../../../../../src/app/profiles/resolveProfile.ts";
import { hashDocument } from "../../../../../src/app/projects/hashDocument.ts";
import { readKeyFile } from "../../../../../src/app/providers/keyFile.ts";
import { readSidecar } from "../../../../../src/app/providers/readSidecar.ts";
import { readBounded } from "../../../../../src/base/lib/files/readBounded.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-bounded-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file that is small by its kind", () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 300_000])(
    "of %i bytes is read whole, and not a byte more",
    async (size) => {
      const path = join(folder, "some");
      const bytes = Buffer.alloc(size, "ab");
      writeFileSync(path, bytes);
      expect(await readBounded(path, 300_000)).toEqual(bytes);
      expect(await readBounded(path, size)).toEqual(bytes);
      if (size > 0) await expect(readBounded(path, size - 1)).rejects.toMatchObject({ code: "EFBIG" });
    },
  );

  it.each<[string, (path: string) => unknown, string]>([
    ["a deployment", readDeployment, "file.unreadable"],
    ["a network's file", (path) => readNetworkSettings(path, folder), "file.unreadable"],
    ["a profile", (path) => resolveProfile(path), "file.unreadable"],
    ["a document", hashDocument, "project.document"],
    ["a provider's key", readKeyFile, "file.unreadable"],
    ["a signature", (path) => readSidecar("rides.csv", path), "file.unreadable"],
  ])("is refused where what is named as %s has no end", async (_what, read, code) => {
    await expect((async () => read("/dev/zero"))()).rejects.toMatchObject({ code });
  });
});
