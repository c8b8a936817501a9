import { readFile } from "node:fs/promises";
import { decodeDeployment } from "../../src/format/onchain/deployment.ts";
import { checkDeployment } from "./deployment/checkDeployment.ts";
import { connectNode } from "./deployment/connectNode.ts";
import { parseTerms } from "../../src/app/network/parseTerms.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Compares a deployment with what these sources and its terms say it should be: bytecode, wiring,
roles, delays. Reads only.

  node scripts/deploy/verify-deployment.ts --deployment FILE --rpc URL [--terms FILE] [--json]

  --deployment FILE   deployments/<network>.json
  --rpc URL           a node of the network that you trust
  --terms FILE        the network's terms; without them roles and delays are not compared
  --json              one JSON array of {what, ok, expected, found}

Build the contracts first (npm run build:contracts) from the commit that the deployment file names. Exit code
0: all as it should be; 1: not; 2: wrong use, or the node gave no answer.
`;

/** @returns whether all is as it should be */
async function verify(
  deploymentFile: string,
  rpc: string,
  termsFile: string | undefined,
  json: boolean,
): Promise<boolean> {
  const deployment = decodeDeployment(new Uint8Array(await readFile(deploymentFile)));
  const terms = termsFile === undefined ? null : parseTerms(await readFile(termsFile, "utf8"));
  const provider = connectNode(rpc, deployment.chainId);
  try {
    const findings = await checkDeployment(provider, deployment, terms);
    if (json) process.stdout.write(`${JSON.stringify(findings)}\n`);
    else {
      for (const { what, ok, expected, found } of findings) {
        process.stdout.write(
          ok
            ? `ok    ${what}\n`
            : `FAULT ${what}: expected ${expected || "none"}, found ${found || "none"}\n`,
        );
      }
      if (terms === null) process.stdout.write("Roles and delays were not compared: give --terms.\n");
    }
    return findings.every(({ ok }) => ok);
  } finally {
    provider.destroy();
  }
}

const { values } = readOptions(HELP, {
  options: {
    deployment: { type: "string" },
    rpc: { type: "string" },
    terms: { type: "string" },
    json: { type: "boolean" },
  },
});
if (values.deployment === undefined || values.rpc === undefined) {
  process.stdout.write(HELP);
} else {
  try {
    process.exitCode = (await verify(values.deployment, values.rpc, values.terms, values.json === true))
      ? 0
      : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
