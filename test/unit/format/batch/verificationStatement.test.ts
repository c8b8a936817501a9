import { describe, expect, it } from "vitest";
import {
  parseVerification,
  verificationFault,
  verificationHash,
  type VerificationStatement,
  type VerifiedBatch,
} from "../../../../src/format/batch/verificationStatement.ts";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { keccak } from "../../../../src/format/keccak.ts";

const VALID = {
  schema: "microtonne-verification/1",
  body: "Verifier of Hubei",
  date: "2026-03-01",
  operator: `0x${"11".repeat(20)}`,
  region: "WUHAN",
  vintage: 2025,
  category: "act",
  level: "limited",
  opinion: "unmodified",
  documentHash: `0x${"22".repeat(32)}`,
};
const faultOf = (change: object): string | null => {
  try {
    parseVerification({ ...VALID, ...change });
    return null;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe("verification.malformed");
    return message.replace(/^The statement of a verification body breaks its schema at (.*)\.$/s, "$1");
  }
};

describe("a verification body's statement", () => {
  it("is taken with every member at its bounds", () => {
    for (const change of [
      {},
      { body: "x".repeat(200) },
      { vintage: 1970 },
      { vintage: 9999 },
      { category: "project" },
      { level: "reasonable" },
      { opinion: "qualified" },
    ])
      expect([change, faultOf(change)]).toEqual([change, null]);
  });

  it("is refused at the member that does not fit", () => {
    const plain = "body: must be a text in NFC without space at its ends";
    for (const [change, fault] of [
      [{ body: "" }, plain],
      [{ body: " Verifier" }, plain],
      [{ body: "Verifier " }, plain],
      [{ body: "e\u0301" }, plain],
      [{ body: "two\nlines" }, "body: must be one line without control characters"],
      [{ date: "2026-02-30" }, "date: must be a calendar day YYYY-MM-DD from 1970 on"],
      [{ operator: "0x11" }, "operator: must be 0x and 40 lower-case hex digits"],
      [{ documentHash: "0x22" }, "documentHash: must be 0x and 64 lower-case hex digits"],
      [{ region: "wuhan" }, "region: must match [A-Z0-9]{2,8}"],
    ] as const)
      expect([change, faultOf(change)]).toEqual([change, fault]);
    for (const [change, member] of [
      [{ schema: "microtonne-verification/2" }, "schema"],
      [{ body: "x".repeat(201) }, "body"],
      [{ vintage: 1969 }, "vintage"],
      [{ vintage: 10_000 }, "vintage"],
      [{ vintage: 2025.5 }, "vintage"],
      [{ category: "behaviour" }, "category"],
      [{ level: "high" }, "level"],
      [{ opinion: "adverse" }, "opinion"],
      [{ more: 1 }, "its top"],
    ] as const)
      expect([change, faultOf(change)?.split(": ")[0]]).toEqual([change, member]);
  });

  it("has the hash of its canonical JSON", () => {
    expect(verificationHash(parseVerification(VALID))).toBe(toHex(keccak(utf8(canonicalJson(VALID)))));
  });

  it("is one of batches of its own operator, region, vintage and category, closed no earlier than it", () => {
    const statement = VALID as unknown as VerificationStatement;
    const batch = { ...statement, closedOn: "2026-03-01" } as VerifiedBatch;
    const fault = (change: object) => verificationFault(statement, { ...batch, ...change });
    expect([fault({}), fault({ closedOn: "2026-03-02" })]).toEqual([null, null]);
    expect(fault({ operator: "0x33" })).toBe(`is of operator ${VALID.operator}, the batch of 0x33`);
    expect(fault({ region: "LUZHOU" })).toBe("is of region WUHAN, the batch of LUZHOU");
    expect(fault({ vintage: 2024 })).toBe("is of vintage 2025, the batch of 2024");
    expect(fault({ category: "project" })).toBe("is of category act, the batch of project");
    expect(fault({ closedOn: "2026-02-28" })).toBe(
      "is dated 2026-03-01, after the batch was closed (2026-02-28)",
    );
    expect(fault({ vintage: 2024, category: "project", closedOn: "2020-01-01" })).toMatch(/^is of vintage/);
  });
});
