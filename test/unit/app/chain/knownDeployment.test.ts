import { describe, expect, it } from "vitest";
import { knownDeployment } from "../../../../src/app/chain/knownDeployment.ts";
import type { Deployment } from "../../../../src/base/types/deployment.ts";

const CHAIN = { deploymentFile: "/data/deployment.json", chainId: 31_337 };
const deployment = { chainId: 31_337 } as Deployment;
const refusal = (words: string) =>
  expect.objectContaining({
    code: "chain.deployment",
    message: expect.stringContaining(words) as string,
  }) as Error;

describe("a deployment", () => {
  it("is the one of the chain that the settings name", () => {
    expect(knownDeployment(deployment, CHAIN)).toBe(deployment);
  });

  it("is refused where its file is not there, or is another chain's", () => {
    expect(() => knownDeployment(null, CHAIN)).toThrowError(
      refusal("The deployment file /data/deployment.json is not there."),
    );
    expect(() => knownDeployment({ ...deployment, chainId: 1 }, CHAIN)).toThrowError(
      refusal("The deployment file /data/deployment.json is for chain 1, the settings say 31337."),
    );
  });
});
