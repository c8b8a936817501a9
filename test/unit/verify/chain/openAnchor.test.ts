import { describe, expect, it } from "vitest";
import type { Address } from "../../../../src/base/types/ids.ts";
import type { Manifest } from "../../../../src/format/batch/manifest.ts";
import { CORE_CONTRACT_NAMES } from "../../../../src/format/v1/contractNames.ts";
import { openAnchor } from "../../../../src/verify/chain/openAnchor.ts";
import { CHAIN_ID, CONTRACTS, sampleAddress, sampleBatch } from "../support/sampleBatch.ts";
import { code } from "../support/verifyFile.ts";

const { batchId, manifest } = sampleBatch("anchor", 2);
const other = sampleAddress("another deployment");
/** A batch whose manifest names these contracts beside, or in place of, the sample's. */
const naming = (change: Record<string, Address>) => {
  const contracts = { ...CONTRACTS, ...change } as Manifest["contracts"];
  return { batchId, manifest: { ...manifest, contracts } };
};
/** Holds batches against a deployment with these contracts. */
const against = (
  batches: Parameters<typeof openAnchor>[0],
  change: Record<string, Address | undefined> = {},
) =>
  openAnchor(
    batches,
    {
      mode: "deployment",
      chainId: CHAIN_ID,
      contracts: { ...CONTRACTS, ...change },
    },
    undefined,
  );

describe("a batch held against a deployment", () => {
  it("is of it where all contracts are, whatever the case that addresses are spelt in", async () => {
    await expect(against([naming({})])).resolves.toMatchObject({ mode: "deployment" });
    const capitals = Object.fromEntries(
      Object.entries(CONTRACTS).map(([name, one]): [string, Address] => [
        name,
        `0x${one.slice(2).toUpperCase()}`,
      ]),
    );
    await expect(against([naming({})], capitals)).resolves.toMatchObject({ mode: "deployment" });
  });

  it.each(CORE_CONTRACT_NAMES)("is not where %s is another, or is not named", async (name) => {
    for (const there of [other, undefined]) {
      const held = against([naming({})], { [name]: there });
      await expect(held).rejects.toThrow(code("verify.contracts"));
      await expect(held).rejects.toThrow(
        `belongs to the ${name} at ${CONTRACTS[name]}; your deployment has it at ${there ?? "no address"}.`,
      );
    }
  });

  it("may name contracts that the other side has not got; what both name is at one address", async () => {
    const grown = naming({ PledgeRegistry: sampleAddress("pledges") });
    await expect(against([grown])).resolves.toMatchObject({ mode: "deployment" });
    await expect(against([naming({})], { PledgeRegistry: other })).resolves.toBeDefined();
    await expect(against([grown], { PledgeRegistry: sampleAddress("pledges") })).resolves.toBeDefined();
    await expect(against([grown], { PledgeRegistry: other })).rejects.toThrow(code("verify.contracts"));
  });

  it("is of the same one as the other batches of its file, whoever is trusted", async () => {
    const held = (batches: Parameters<typeof openAnchor>[0]) => openAnchor(batches, null, undefined);
    await expect(held([naming({}), naming({})])).resolves.toMatchObject({ mode: "none" });
    await expect(held([naming({}), naming({ BatchRegistry: other })])).rejects.toThrow(
      code("verify.contracts"),
    );
    const elsewhere = { batchId, manifest: { ...manifest, chainId: "1" } };
    await expect(held([naming({}), elsewhere])).rejects.toThrow(code("verify.chain"));
  });
});
