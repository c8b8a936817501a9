import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWord } from "../../../../src/base/lib/shellWord.ts";

describe("a word for the shell", () => {
  it("stays as it is where it is plain", () => {
    expect(shellWord("/tmp/demo-1/proof.json")).toBe("/tmp/demo-1/proof.json");
  });

  it("is what a shell hands on, whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1 }), (texts) => {
        const words = texts.map((text) => text.replaceAll("\0", ""));
        const printed = execFileSync(
          "sh",
          ["-c", `printf '%s\\n' ${words.map((word) => shellWord(word)).join(" ")}`],
          { encoding: "utf8" },
        );
        expect(printed).toBe(words.map((word) => `${word}\n`).join(""));
      }),
      { numRuns: 30 },
    );
  });
});
