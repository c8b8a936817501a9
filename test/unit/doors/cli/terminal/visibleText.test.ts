import { expect, it } from "vitest";
import { visibleText } from "../../../../../src/doors/cli/terminal/visibleText.ts";

const sign = (code: number): string => String.fromCodePoint(code);

it("writes out what a terminal would obey, and leaves the rest", () => {
  for (const code of [0, 7, 8, 13, 27, 0x7f, 0x9b, 0x20_2e, 0x20_66]) {
    expect(visibleText(`a${sign(code)}b`)).toBe(String.raw`a\u` + `${code.toString(16).padStart(4, "0")}b`);
  }
  const plain = "tab\tline\nübergröße 项目 …";
  expect(visibleText(plain)).toBe(plain);
});

it("leaves JSON the same value", () => {
  const value = { name: `x${sign(0x9b)}31m${sign(0x7f)}${sign(27)}` };
  expect(JSON.parse(visibleText(JSON.stringify(value)))).toEqual(value);
});
