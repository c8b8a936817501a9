/** A program that uses every entry point, each with its types. */
export const TYPED = `
  import { batchRegistryAbi } from "microtonne/abis";
  import { BatchRegistry__factory, type BatchRegistry } from "microtonne/bindings";
  import { connect, postActivities } from "microtonne/client";
  import { type BatchId, batchId, decodeProofFile, milligrams, type ProofFile } from "microtonne/format";
  import { connectChain, type Trust, type Verdict, verdictText, verifyProof } from "microtonne/verify";
  import { encodeFunctionData } from "viem";

  const to = { abi: batchRegistryAbi, functionName: "headOf", args: [\`0x\${"0a".repeat(20)}\`] } as const;
  export const data: \`0x\${string}\` = encodeFunctionData(to);
  export const file: ProofFile = decodeProofFile(new Uint8Array());
  const trust: Trust = { mode: "root", batches: [{ batchId: batchId("0x") }] };
  const verdict: Verdict = await verifyProof(new Uint8Array(), trust);
  export const text: string = verdictText(verdict);
  const client = await connectChain({ rpcUrl: "http://127.0.0.1:8545", chainId: 31337 });
  export const live: Trust["mode"] = client.chainId > 0 ? "rpc" : "block";
  connect("https://carbon.example.org", "mt_");
  const answer = await postActivities({ profile: "p", provider: "q", body: new Blob([]) });
  if (answer.status === 200) answer.data.accepted satisfies number;
  else answer.data.code satisfies string;
  export const contract: (registry: BatchRegistry) => Promise<bigint> = (registry) => registry.headOf("0x");
  BatchRegistry__factory.createInterface();
  milligrams(1n) satisfies bigint;
`;
/** Each must be an error: else types have got lost on the way, and everything is \`any\`. */
export const MISTYPED = [
  `import { batchRegistryAbi } from "microtonne/abis"; import { encodeFunctionData } from "viem";
   encodeFunctionData({ abi: batchRegistryAbi, functionName: "nothing", args: [] });`,
  `import type { BatchId } from "microtonne/format"; export const unchecked: BatchId = "0x00";`,
  `import { verifyProof } from "microtonne/verify"; void verifyProof("text", null);`,
  `import { connect } from "microtonne/client"; connect(1, 2);`,
  `import type { BatchRegistry } from "microtonne/bindings";
   export const f = (registry: BatchRegistry) => registry.nothing();`,
];
