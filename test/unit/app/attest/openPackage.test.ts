import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attestPackage } from "../../../../src/app/attest/attestPackage.ts";
import { openPackage } from "../../../../src/app/attest/openPackage.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { decodeLeafLine } from "../../../../src/stages/attest/confidentialPackage.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-package-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a package with nothing in it is named", async () => {
  const file = join(folder, "empty.ndjson");
  writeFileSync(file, "");
  await expect(openPackage(file)).rejects.toMatchObject({
    code: "package.empty",
    message: `${file} is empty.`,
  });
});

it.each(["", "{}", "secret", '{"subjectKey":null,"salt":"0x","records":"[]"}'])(
  "a line that is no leaf is told by its number, never by what stands in it: %s",
  (line) => {
    const read = (): unknown => decodeLeafLine(line, 17, "microtonne-record/2");
    expect(read).toThrow(
      expect.objectContaining({
        code: "package.malformed",
        message:
          "Line 17 of the confidential package is no leaf in the format microtonne-package/1. " +
          "Ask the operator for the package again.",
      }),
    );
  },
);

it("who has no verifier's key is told which setting takes it", async () => {
  const context = { config: parseConfig({}) } as Parameters<typeof attestPackage>[0];
  await expect(attestPackage(context, { file: join(folder, "none") })).rejects.toMatchObject({
    code: "attest.no-key",
    message: expect.stringContaining("Set MICROTONNE_VERIFIER_") as unknown,
  });
});
