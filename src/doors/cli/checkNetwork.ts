import { readChain } from "../../app/chain/readChain.ts";
import type { Context } from "../../app/context.ts";
import { UnavailableError } from "../../base/errors/errors.ts";

/** Another network's node or deployment is found now, not by the first job. A node that is down may wait. */
export async function checkNetwork(context: Context): Promise<void> {
  if (context.config.chain.rpcUrl === null) return;
  try {
    await readChain(context);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    context.log.warn({ code: error.code }, "the chain node does not answer yet");
  }
}
