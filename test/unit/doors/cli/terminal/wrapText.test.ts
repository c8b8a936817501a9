import { expect, it } from "vitest";
import { wrapText } from "../../../../../src/doors/cli/terminal/wrapText.ts";

it("breaks long lines between words, under their beginning, and leaves long words whole", () => {
  const text = [
    "amount      0.001 t, for a beneficiary",
    "- one two three four five",
    "",
    `  0x${"1".repeat(40)}`,
  ];
  expect(wrapText(text.join("\n"), 20).split("\n")).toEqual([
    "amount      0.001 t,",
    "            for a",
    "            beneficiary",
    "- one two three four",
    "  five",
    "",
    `  0x${"1".repeat(40)}`,
  ]);
  expect(wrapText("- short", 80)).toBe("- short");
});
