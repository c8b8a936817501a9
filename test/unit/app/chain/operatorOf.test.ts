import { expect, it } from "vitest";
import { operatorOf } from "../../../../src/app/chain/operatorOf.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { systemRandomness } from "../../../../src/app/process/system.ts";

it("an operator without a key, where none is for development, is told which setting takes it", async () => {
  const config = parseConfig({});
  const context = { config, tenant: config.tenant, local: false, randomness: systemRandomness };
  await expect(operatorOf(context)).rejects.toMatchObject({
    code: "chain.operator-key",
    message: expect.stringContaining("Set MICROTONNE_OPERATOR_") as unknown,
  });
});
