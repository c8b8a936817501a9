import { expect, it } from "vitest";
import { oneNamed } from "../../../../src/stages/rules/oneNamed.ts";

const rule = (name: string, state: string) => ({ name, state });
const proposed = rule("ferry@1", "proposed");
const published = rule("ferry@1", "published");

it.each([
  ["nothing", [], "nothing"],
  ["the only one, whatever it is", [proposed], proposed],
  ["the published one beside proposals of its name", [proposed, published, proposed], published],
  ["no proposal of several", [proposed, rule("ferry@1", "proposed")], "proposals"],
  ["no version of several", [published, rule("ferry@2", "proposed")], "versions"],
])("a name stands for %s", (_what, found, one) => {
  expect(oneNamed(found, ({ name }) => name)).toBe(one);
});
