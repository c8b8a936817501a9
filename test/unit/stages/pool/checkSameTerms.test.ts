import { describe, expect, it } from "vitest";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { checkSameTerms } from "../../../../src/stages/pool/checkSameTerms.ts";
import type { ClosingTerms } from "../../../../src/stages/pool/ports.ts";
import type { SaidTerms } from "../../../../src/stages/pool/readAskedTerms.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
const TERMS = {
  useBy: 20_819 as Day,
  title: { kind: "programme", documentHash: HASH },
  campaign: null,
  audience: { leaves: "public", tiles: "public" },
  verification: { statementHash: HASH, level: "limited", opinion: "unmodified" },
} as unknown as ClosingTerms;

describe("a closing that is finished", () => {
  it.each([
    ["nothing", {}],
    ["the day that it began with", { useBy: TERMS.useBy }],
    ["the same title, its members in another order", { title: { documentHash: HASH, kind: "programme" } }],
    ["no campaign, as at its beginning", { campaign: null }],
    ["all that it began with", { ...TERMS }],
  ] as readonly [string, SaidTerms][])("takes %s", (_, said) => {
    expect(() => checkSameTerms(TERMS, said)).not.toThrow();
  });

  it.each([
    ["last day of use", { useBy: 20_820 as Day }],
    ["last day of use", { useBy: null }],
    ["title", { title: { kind: "consent-scope", documentHash: HASH } }],
    ["campaign", { campaign: { id: "spring", documentHash: HASH } }],
    ["audience", { audience: { leaves: "participants", tiles: "public" } }],
    ["verification statement", { verification: null }],
    ["campaign", { useBy: TERMS.useBy, campaign: { id: "spring", documentHash: HASH } }],
  ] as readonly [string, SaidTerms][])("refuses another %s, by name", (name, said) => {
    expect(() => checkSameTerms(TERMS, said)).toThrowError(
      expect.objectContaining({
        code: "closing.other-terms",
        message: expect.stringContaining(`began with another ${name} than`) as string,
      }),
    );
  });
});
