import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attestPackage } from "../../../../src/app/attest/attestPackage.ts";
import { openPackage } from "../../../../src/app/attest/openPackage.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { encodeManifest } from "../../../../src/format/batch/manifest.ts";
import { decodeLeafLine, encodeLeafLine } from "../../../../src/stages/attest/confidentialPackage.ts";
import { sampleBatch } from "../../verify/support/sampleBatch.ts";

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
    message:
      "Set MICROTONNE_VERIFIER_SIGNER or MICROTONNE_VERIFIER_PRIVATE_KEY: a verifier signs with its own key.",
  });
});

describe("a package", () => {
  const batch = sampleBatch("package", 3);
  const manifest = Buffer.from(encodeManifest(batch.manifest)).toString();
  const lines = batch.acts.map((act) => encodeLeafLine(act, batch.manifest.schemas.record));
  const opened = (text: string) => {
    const file = join(folder, "package.ndjson");
    writeFileSync(file, text);
    return openPackage(file);
  };
  const groupsOf = async (text: string) => {
    const groups = [];
    for await (const group of (await opened(text)).leaves) groups.push(group);
    return groups;
  };

  it.each(["\n", "\r\n"])("is its manifest and the leaves behind it, with any line ends: %j", async (end) => {
    const { manifestBytes, leaves } = await opened([manifest, ...lines, ""].join(end));
    expect(manifestBytes).toEqual(encodeManifest(batch.manifest));
    const found = [];
    for await (const group of leaves) found.push(...group);
    expect(found).toMatchObject(batch.acts);
  });

  it("is read in groups of 5,000 leaves, the last of which is as long as it is", async () => {
    const of = async (count: number) => {
      const text = `${manifest}\n${`${lines[0] ?? ""}\n`.repeat(count)}`;
      return (await groupsOf(text)).map(({ length }) => length);
    };
    expect(await of(0)).toEqual([]);
    expect(await of(5_001)).toEqual([5_000, 1]);
  });

  it("that breaks off is refused at the line", async () => {
    await expect(groupsOf([manifest, lines[0], "{"].join("\n"))).rejects.toMatchObject({
      code: "package.malformed",
      message: expect.stringMatching(/^Line 3 of the confidential package /) as string,
    });
  });
});
