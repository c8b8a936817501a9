import { afterEach, beforeEach } from "vitest";
import type { PlannedDeployment } from "../../../../src/adapters/chain/deploy.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import { deployAll, lifeOf, openTestChain, type Life, type TestChain } from "./testChain.ts";

/** A chain with everything deployed, a new one for each test of the file that calls this. */
export interface FreshChain {
  readonly chain: TestChain;
  readonly planned: PlannedDeployment;
  /** One JSON-RPC call to its node. */
  rpc(method: string, ...params: unknown[]): Promise<unknown>;
  /** Puts a batch's commit, mint and retirement into the outbox. */
  enqueue(name: string, previous?: BatchId | null): Promise<Life>;
}

export function onFreshChain(): FreshChain {
  let chain: TestChain;
  let planned: PlannedDeployment;
  beforeEach(async () => {
    chain = await openTestChain();
    planned = await deployAll(chain);
  });
  afterEach(async () => chain.close());
  return {
    get chain() {
      return chain;
    },
    get planned() {
      return planned;
    },
    rpc: async (method, ...params) => chain.client.request(method, params),
    async enqueue(name, previous = null) {
      const life = await lifeOf(planned, name, previous);
      for (const intent of life.intents) await chain.store.enqueue(intent);
      return life;
    },
  };
}
