import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hashDocument } from "../../../../src/app/projects/hashDocument.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { MIB } from "../../../../src/base/lib/sizes.ts";
import { keccak } from "../../../../src/format/keccak.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-document-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a document is hashed by its bytes, and one that is far too large is not read", async () => {
  const file = join(folder, "report.pdf");
  writeFileSync(file, "a report");
  expect(await hashDocument(file)).toBe(toHex(keccak(utf8("a report"))));
  truncateSync(file, 64 * MIB + 1);
  await expect(hashDocument(file)).rejects.toMatchObject({
    code: "project.document",
    message: `A document has at most ${String(64 * MIB)} bytes.`,
  });
});
