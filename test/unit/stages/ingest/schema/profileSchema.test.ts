import { expect, it } from "vitest";
import { z } from "zod";
import { profileSchema } from "../../../../../src/stages/ingest/schema/profileSchema.ts";

const JSON_SCHEMA = z.toJSONSchema(profileSchema, { io: "input", unrepresentable: "any" });

it("what a profile may say, its bounds and what each member means stay as they are", () => {
  expect(JSON_SCHEMA).toMatchSnapshot();
});

it("each description is a sentence", () => {
  const told: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, one] of Object.entries(value)) {
      if (name === "description" && typeof one === "string") told.push(one);
      else collect(one);
    }
  };
  collect(JSON_SCHEMA);
  expect(told.length).toBeGreaterThan(50);
  for (const text of told) expect(text).toMatch(/^\S.{8,}[.:]$/s);
});
