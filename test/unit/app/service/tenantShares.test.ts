import { expect, it } from "vitest";
import { TenantShares } from "../../../../src/app/service/tenantShares.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";

const [one, other] = [tenantId("one"), tenantId("other")];

it("a tenant has as much as there is for each, at once or bit by bit, and gets it back", () => {
  const shares = new TenantShares(10, { code: "limit.bodies", sentence: "Too much." });
  shares.take(one, 10);
  const refusal = expect.objectContaining({ code: "limit.bodies", message: "Too much." }) as Error;
  expect(() => shares.take(one, 1)).toThrow(refusal);
  // What was refused was not taken, and is nobody else's.
  shares.take(other, 4);
  shares.give(one, 3);
  shares.take(one, 3);
  expect(() => shares.take(one, 1)).toThrow(refusal);
  shares.give(one, 10);
  shares.take(one, 10);
  shares.take(other, 6);
  expect(() => shares.take(other, 1)).toThrow(refusal);
});
