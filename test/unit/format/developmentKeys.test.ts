import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { concatBytes, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { subjectCommitment } from "../../../src/format/batch/keys.ts";
import {
  developmentDedupeKey,
  developmentKeyScheme,
  developmentSubjectKey,
  hasDevelopmentKeys,
} from "../../../src/format/developmentKeys.ts";
import { keccak } from "../../../src/format/keccak.ts";

const hmac = (text: string) =>
  new Uint8Array(
    createHmac("sha256", keccak(utf8("microtonne hmac-dev, local networks only")))
      .update(text)
      .digest(),
  );
const commitment = (key: Uint8Array) =>
  toHex(keccak(concatBytes(utf8("microtonne/hmac-dev/commitment"), key)));
const other = `0x${"11".repeat(32)}` as const;

it("development keys are derived from a text that everybody knows, one for each purpose and year", () => {
  expect(developmentSubjectKey()).toEqual(hmac("microtonne/hmac-dev/subject"));
  expect(developmentDedupeKey(2025)).toEqual(hmac("microtonne/hmac-dev/dedupe/2025"));
  expect(developmentKeyScheme(2025)).toEqual({
    year: 2025,
    subject: subjectCommitment([
      { kind: "hmac-dev", publicKey: commitment(hmac("microtonne/hmac-dev/subject")) },
    ]),
    dedupe: commitment(hmac("microtonne/hmac-dev/dedupe/2025")),
  });
});

it("a key scheme has them where either commitment of any year is theirs", () => {
  const ours = developmentKeyScheme(2025);
  const foreign = { year: 2024, subject: other, dedupe: other };
  expect(hasDevelopmentKeys([foreign])).toBe(false);
  expect(hasDevelopmentKeys([])).toBe(false);
  expect(hasDevelopmentKeys([{ ...ours, subject: other }])).toBe(true);
  expect(hasDevelopmentKeys([foreign, { ...ours, dedupe: other }])).toBe(true);
  expect(hasDevelopmentKeys([{ ...foreign, dedupe: ours.dedupe }])).toBe(false);
});
