import { InvalidArgumentError, type Command } from "commander";
import { deployNetwork } from "../../../../app/network/deployNetwork.ts";
import { parseTerms } from "../../../../app/network/parseTerms.ts";
import { openJsonFile } from "../../../../app/process/openJsonFile.ts";
import { signerSetting } from "../../../../app/process/signerSettings.ts";
import { COMMIT_HASH } from "../../../../base/lib/textPatterns.ts";
import { CONTRACT_NAMES } from "../../../../base/types/deployment.ts";
import { act } from "../../command.ts";

interface Options {
  terms: string;
  rpc: string;
  key: string;
  passwordFile?: string;
  out: string;
  commit: string;
}

/** `microtonne network deploy`: all contracts by a network's terms, and who may do what with them. */
export function addDeploy(network: Command): void {
  const deploy = network
    .command("deploy")
    .description("Create all contracts by a network's terms, give out the roles, write the deployment file.")
    .requiredOption("--terms <file>", "what the network decides (deployments/example.terms.json)")
    .requiredOption("--rpc <url>", "a node of the network")
    .requiredOption(
      "--key <key>",
      "the deployer's: path of a key file, or a signing service and its key's address, https://…#0x…",
    )
    .option("--password-file <file>", "file with the key file's password in its first line")
    .option("--out <folder>", "where <network>.json is written", "deployments")
    .option(
      "--commit <hash>",
      "commit of the contracts' sources, for whoever compares them",
      commitHash,
      "local",
    )
    .addHelpText(
      "after",
      `
The deployer is an account that does nothing else, and that has no power left when the command is done. A \
run that was cut off is finished by the next with the same data folder, key and terms.

Example:
  microtonne network deploy --data deployer --terms terms.json --rpc http://127.0.0.1:9545 \
--key deployer.key.json --password-file deployer.password`,
    );
  act<Options>(deploy, async (run, { terms: file, rpc, key, passwordFile = null, out, commit }) => {
    const terms = parseTerms(new TextDecoder().decode((await openJsonFile(file)).bytes));
    const { config } = run;
    const chain = { ...config.chain, rpcUrl: rpc, chainId: terms.chainId };
    const signer = signerSetting(key, passwordFile, "--key");
    const made = await run.withContext(
      (context) => deployNetwork(context, terms, { key: signer, out, commit }),
      {
        keyless: true,
        config: { ...config, chain, keyService: null },
      },
    );
    run.io.result(
      made,
      `${String(CONTRACT_NAMES.length)} contracts stand on chain ${String(terms.chainId)}, roles are given ` +
        `out, ${made.deployer} has none\n${made.file}`,
    );
    return undefined;
  });
}

function commitHash(text: string): string {
  if (COMMIT_HASH.test(text)) return text;
  throw new InvalidArgumentError("A commit is 7 to 40 hex digits, in small letters.");
}
