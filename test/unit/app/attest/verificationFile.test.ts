import { expect, it } from "vitest";
import { readVerification, writeVerification } from "../../../../src/app/attest/verificationFile.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { keccak } from "../../../../src/format/keccak.ts";

const SAID = {
  vintage: 2025,
  schema: "microtonne-verification/1",
  body: "A Body",
  date: "2026-02-01",
  operator: `0x${"0a".repeat(20)}`,
  region: "WUHAN",
  category: "act",
  level: "limited",
  opinion: "unmodified",
  documentHash: `0x${"ab".repeat(32)}`,
};

it("a statement is written as one line of canonical JSON, and named by that line's hash", () => {
  const { statement, statementHash, text } = writeVerification(SAID);
  expect(statement).toEqual(SAID);
  expect(text.endsWith("}\n")).toBe(true);
  const line = text.slice(0, -1);
  expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(SAID).toSorted());
  expect(statementHash).toBe(toHex(keccak(utf8(line))));
});

it("a statement is read whatever its spacing, and has the same hash", () => {
  const spaced = utf8(JSON.stringify(SAID, null, 4));
  const { statementHash } = writeVerification(SAID);
  expect(readVerification({ name: "body.json", bytes: spaced })).toEqual({ statement: SAID, statementHash });
  expect(() => readVerification({ name: "body.json", bytes: utf8("{") })).toThrow("body.json");
  expect(() => writeVerification({ ...SAID, level: "some" })).toThrow(
    expect.objectContaining({ code: "verification.malformed" }) as Error,
  );
});
