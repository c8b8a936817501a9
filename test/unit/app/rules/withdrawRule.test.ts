import { expect, it } from "vitest";
import type { Context } from "../../../../src/app/context.ts";
import { withdrawRule } from "../../../../src/app/rules/withdrawRule.ts";
import type { Rule } from "../../../../src/stages/rules/ports.ts";

/** Where a reason is taken, the chain is asked next. */
const context = { chain: () => Promise.reject(new Error("asked the chain")) } as unknown as Context;

it("asks for a reason of one to five hundred characters", async () => {
  for (const why of ["x", ` ${"x".repeat(500)} `, "e\u0301".repeat(500)])
    await expect(withdrawRule(context, {} as Rule, why)).rejects.toThrow("asked the chain");
  for (const why of ["", " \n", "x".repeat(501)])
    await expect(withdrawRule(context, {} as Rule, why)).rejects.toMatchObject({
      code: "rules.why",
      message: "Say in 1 to 500 characters why it is withdrawn; it stands in the record for good.",
    });
});
