import { expect, it } from "vitest";
import { z } from "zod";
import { matrixSchema } from "../../../../src/stages/recognition/matrixSchema.ts";
import { ruleSchema } from "../../../../src/stages/plausibility/ruleSchema.ts";

it.each([
  ["of plausibility", ruleSchema],
  ["of recognition", matrixSchema],
])("what rules %s may say, and between which bounds, stays as it is", (_, schema) => {
  expect(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" })).toMatchSnapshot();
});
