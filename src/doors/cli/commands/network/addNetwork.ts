import { InvalidArgumentError, type Command } from "commander";
import { initNetwork } from "../../../../app/network/initNetwork.ts";
import { networkStatus, type NetworkStatus } from "../../../../app/network/networkStatus.ts";
import { newSignerFile } from "../../../../app/network/newSignerFile.ts";
import { processPlaces } from "../../../../app/process/config.ts";
import {
  SIGNER_ROLES,
  signerSetting,
  type SignerRole,
  type SignerSetting,
} from "../../../../app/process/signerSettings.ts";
import { systemRandomness } from "../../../../app/process/system.ts";
import { regionCode } from "../../../../base/lib/ids.ts";
import type { RegionCode } from "../../../../base/types/ids.ts";
import { act, optionOf, type Run } from "../../command.ts";
import { EXIT } from "../../exitCode.ts";
import { addCash } from "./addCash.ts";
import { addDeploy } from "./addDeploy.ts";
import { addParticipants } from "./addParticipants.ts";
import { addPublish } from "./addPublish.ts";
import { addVerifyDeployment } from "./addVerifyDeployment.ts";
import { withNode } from "./withNode.ts";

/** `microtonne network`: a network of one's own, from its deployment to its first batch. */
export function addNetwork(program: Command): void {
  const network = program.command("network").addHelpText(
    "after",
    `
docs/network.md walks the whole way, from the deployment to a minted batch.

Example:
  microtonne network status`,
  );
  addKey(network);
  addDeploy(network);
  addVerifyDeployment(network);
  addInit(network);
  addStatus(network);
  addParticipants(network);
  addPublish(network);
  addCash(network);
}

function addKey(network: Command): void {
  const key = network
    .command("key")
    .description("Make an account's key in a new encrypted file, and say its address.")
    .requiredOption("--out <file>", "key file to write (Web3 Secret Storage, version 3)")
    .requiredOption(
      "--password-file <file>",
      "file with the password in its first line, readable by you only",
    )
    .addHelpText(
      "after",
      "\nExample:\n  microtonne network key --out operator.key.json --password-file operator.password",
    );
  act<{ out: string; passwordFile: string }>(key, async (run, { out, passwordFile }) => {
    const address = await newSignerFile(out, passwordFile, systemRandomness);
    run.io.result({ file: out, address }, `wrote the key of ${address} to ${out}`);
    return undefined;
  });
}

interface InitOptions {
  data?: string;
  rpc: string;
  deployment: string;
  confirmations: number;
  developmentKeys?: boolean;
  regions?: RegionCode[];
  signer?: { role: SignerRole; place: string }[];
  passwordFile?: string;
  force?: boolean;
}

function addInit(network: Command): void {
  const init = network
    .command("init")
    .description("Tie a data folder to a network, and to the keys that sign there.")
    .requiredOption("--deployment <file>", "deployment file of the network")
    .requiredOption("--rpc <url>", "a node of the network")
    .option("--confirmations <n>", "blocks on top of a transaction's own until it is final", blocks, 0)
    .option(
      "--signer <role=key>",
      `who signs as what; again for a further role: ${SIGNER_ROLES.join(", ")}. The key is the path of a ` +
        "key file, or a signing service and its key's address: https://signer.example:9000#0x…",
      (text, signers: InitOptions["signer"]) => [...(signers ?? []), signerOf(text)],
    )
    .option("--password-file <file>", "file with the key files' password in its first line")
    .option(
      "--regions <codes>",
      "regions of the registrar's key, parted by commas",
      optionOf((text) => text.split(",").map((code) => regionCode(code.trim()))),
    )
    .option(
      "--development-keys",
      "let keys that everybody knows make subject and activity keys, to try things out",
    )
    .option("--force", "replace what the folder says of another network")
    .addHelpText(
      "after",
      `
Looks whether the node is on the deployment's chain and has its contracts, opens the keys, and writes \
network.json into the data folder; every other command with that folder works on that network then. The same \
command again changes nothing. Roles: operator (commits, mints, retires), verifier (attests), registrar \
(publishes rules of its regions), authority (governor or appointer of the network), holder (retires credits \
that others made; in a folder without an operator).

Example:
  microtonne network init --data operator --deployment deployments/harbour.json --rpc http://127.0.0.1:9545 \
--signer operator=operator.key.json --password-file operator.password`,
    );
  act<InitOptions>(init, async (run, options) => {
    const { signer = [], passwordFile = null } = options;
    const signers: Partial<Record<SignerRole, SignerSetting>> = {};
    for (const { role, place } of signer) signers[role] = signerSetting(place, passwordFile, "--signer");
    const made = await initNetwork({
      folder: processPlaces({ folder: options.data }).folder,
      rpcUrl: options.rpc,
      deploymentFile: options.deployment,
      confirmations: options.confirmations,
      developmentKeys: options.developmentKeys === true,
      registrarRegions: options.regions ?? null,
      signers,
      force: options.force === true,
    });
    run.io.result(
      made,
      [
        `${made.file} names the network ${made.network}, chain ${String(made.chainId)}`,
        ...made.signers.map(({ as, address }) => `signs as ${as}: ${address}`),
      ].join("\n"),
    );
    run.next("network", "status");
    return undefined;
  });
}

function addStatus(network: Command): void {
  const status = network
    .command("status")
    .description("What a network has and lacks, and who does what is missing by which command.")
    .addHelpText(
      "after",
      `
Reads only. Exit code 4 where something is missing.

Example:
  microtonne network status --data operator`,
    );
  act(status, async (run) => {
    const found = await withNode(run.config, (place) => networkStatus(place));
    run.io.result(found, textOf(run, found));
    return found.needs.every(({ isMet }) => isMet) ? EXIT.fine : EXIT.waits;
  });
}

function textOf(run: Run, { network, chainId, deploymentFile, needs, own }: NetworkStatus): string {
  const lines = [`network ${network}, chain ${String(chainId)}, ${deploymentFile}`];
  for (const { what, isMet, found, role, members, command } of needs) {
    lines.push(
      `${isMet ? run.io.paint("green", "ok     ") : run.io.paint("yellow", "missing")} ${what}: ${found}`,
    );
    if (isMet) continue;
    // In this folder, where one of its keys may; elsewhere nobody here knows in which.
    const isOurs = own.some(({ address }) => members.includes(address));
    const runs = isOurs ? run.commandText(command.split(" ").slice(1)) : `npx ${command}`;
    lines.push(`        its ${role} (${members.join(", ") || "nobody has that role"}) runs: ${runs}`);
  }
  if (own.length === 0) lines.push("No key signs in this folder.");
  for (const { as, address, roles, kinds, canPay } of own) {
    const rights = [...roles, ...kinds].join(", ") || "nobody yet";
    lines.push(
      `signs as ${as}: ${address}, on this network ${rights}` +
        (canPay ? "" : "; it has nothing to pay fees with: fund it"),
    );
  }
  return lines.join("\n");
}

function signerOf(text: string): { role: SignerRole; place: string } {
  const at = text.indexOf("=");
  const role = SIGNER_ROLES.find((one) => one === text.slice(0, at));
  if (at < 1 || role === undefined || text.length === at + 1)
    throw new InvalidArgumentError(
      `A signer is one of ${SIGNER_ROLES.join(", ")}, an equals sign, and its key, such as ` +
        "operator=operator.key.json.",
    );
  return { role, place: text.slice(at + 1) };
}

function blocks(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 10_000)
    throw new InvalidArgumentError("Confirmations are a whole number from 0 to 10000.");
  return Number(text);
}
