import { describe, expect, it } from "vitest";
import { identifierSpelling } from "../../../../../src/stages/ingest/map/identifierSpelling.ts";
import { codes, readAll, smallProfile } from "../support/helpers.ts";

const MOST = 64;

describe("an identifier", () => {
  it.each([
    ["13800138000", "+8613800138000"],
    ["+86 138-0013-8000", "+8613800138000"],
    ["0086 138 0013 8000", "+8613800138000"],
    ["８６１３８００１３８０００", "+8613800138000"],
    ["１３８００１３８０００", "+8613800138000"],
    [" 13800138000 ", "+8613800138000"],
    ["+852 5123 4567", "+85251234567"],
    ["010-62345678", "+861062345678"],
  ])("that is a phone in China is one number however written: %s", (text, number) => {
    expect(identifierSpelling({ kind: "phone", country: "86" }, MOST)(text)).toBe(number);
  });

  it.each(["138****2426", "phone", "1380013800O", "12", "", "1.38001E+10"])("%j is no phone", (text) => {
    expect(identifierSpelling({ kind: "phone", country: "86" }, MOST)(text)).toBeNull();
  });

  it.each([
    ["6217 0001-2345.6789", "6217000123456789"],
    ["ab１２", "AB12"],
    ["12_3", null],
    ["", null],
  ])("that is a card has no blanks, hyphens and small letters: %j", (text, number) => {
    expect(identifierSpelling({ kind: "card" }, MOST)(text)).toBe(number);
  });

  it.each([
    ["h 1", "h 1"],
    ["ｈ１", "h1"],
    ["1E5", "1E5"],
    ["2.02506E+17", null],
    ["1.38001e+10", null],
    ["1,38001E+10", null],
    ["a\u200bb", null],
    ["x".repeat(MOST + 1), null],
  ])("of no kind stays as written, in compatibility forms: %j", (text, spelled) => {
    expect(identifierSpelling({}, MOST)(text)).toBe(spelled);
  });
});

describe("a file", () => {
  it("whose ids or people a spreadsheet has rounded is refused row by row", async () => {
    const profile = smallProfile({ subject: "{ column: who, scope: deployment }" });
    const text =
      "id,who,start,end,km\n2.02506E+17,a,100,200,5\nr1,1.38001E+10,100,200,5\nr2,13800138000,100,200,5\n";
    expect(await codes(profile, text)).toEqual(["record-id.malformed", "subject.malformed", "ok"]);
  });

  it("names one person in every spelling of a phone", async () => {
    const subject = '{ column: who, kind: phone, country: "86", scope: deployment }';
    const rows = ["13800138000", "+86 138-0013-8000", "１３８００１３８０００"].map(
      (who, at) => `r${at},${who},100,200,5\n`,
    );
    const outcomes = await readAll(smallProfile({ subject }), `id,who,start,end,km\n${rows.join("")}`);
    expect(new Set(outcomes.map((one) => one.kind === "record" && one.subject?.identifier))).toEqual(
      new Set(["+8613800138000"]),
    );
  });

  it("needs the country of phones, and of nothing else", () => {
    for (const subject of [
      "{ column: w, kind: phone, scope: provider }",
      '{ column: w, country: "86", scope: provider }',
    ])
      expect(() => smallProfile({ subject })).toThrow(/needs country where kind is phone, and there alone/);
  });
});
