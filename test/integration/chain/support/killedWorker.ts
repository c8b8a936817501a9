import { appendFileSync } from "node:fs";
import { connectChain } from "../../../../src/adapters/chain/client.ts";
import { settleOutbox } from "../../../../src/adapters/chain/settleOutbox.ts";
import { devSigners } from "../../../../src/adapters/chain/signers.ts";
import { hasLanded } from "../../../../src/stages/outbox/hasLanded.ts";
import type { OutboxStore } from "../../../../src/stages/outbox/ports.ts";
import { fileOutbox } from "./fileOutbox.ts";
import type { KillPoint } from "./killPoints.ts";
import { startRpcProxy } from "./startRpcProxy.ts";
import { systemClock } from "./testChain.ts";

/**
 * Settles an outbox and kills itself at the `occurrence`-th passing of a point. Arguments: rpcUrl, outbox
 * file, log of onFinal, point, occurrence.
 */
const [rpcUrl = "", outboxFile = "", finalLog = "", point = "", occurrence = "1"] = process.argv.slice(2);
let passings = 0;
function pass(here: KillPoint): void {
  if (here === point && ++passings === Number(occurrence)) process.kill(process.pid, "SIGKILL");
}

const files = fileOutbox(outboxFile);
const store: OutboxStore = {
  ...files,
  async markSigned(...fields) {
    pass("before markSigned");
    await files.markSigned(...fields);
    pass("after markSigned");
  },
  async markMined(...fields) {
    pass("before markMined");
    await files.markMined(...fields);
    pass("after markMined");
  },
  async markFinal(...fields) {
    pass("before markFinal");
    await files.markFinal(...fields);
    pass("after markFinal");
  },
};
const signers = devSigners(31337).map((signer) => ({
  ...signer,
  signTransaction: async (fields: Parameters<typeof signer.signTransaction>[0]) => {
    pass("before signing");
    return signer.signTransaction(fields);
  },
}));
const proxy = await startRpcProxy(
  rpcUrl,
  (method) => {
    if (method === "eth_sendRawTransaction") pass("before sending");
    if (method === "eth_getTransactionReceipt") pass("before asking for the receipt");
    return "pass";
  },
  (method) => {
    if (method === "eth_sendRawTransaction") pass("after sending, before the answer");
    if (method === "eth_getTransactionReceipt") pass("after the receipt");
  },
);
const client = await connectChain({ rpcUrl: proxy.rpcUrl, chainId: 31337, pollMilliseconds: 20 });
await settleOutbox({
  client,
  store,
  signers,
  clock: systemClock,
  hasLanded,
  onFinal: async ({ key }) => {
    pass("before onFinal");
    appendFileSync(finalLog, `${key}\n`);
  },
});
await proxy.stop();
