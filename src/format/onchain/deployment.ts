import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import { CONTRACT_NAMES, type ContractAddresses, type Deployment } from "../../base/types/deployment.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { decodeWith, word32 } from "../schema.ts";
import { ADDRESS_ANY_CASE, PROVIDER_ID } from "../../base/lib/textPatterns.ts";

/** A deployment file is a page of JSON; what is larger is something else. */
const MAX_DEPLOYMENT_BYTES = 65_536;

/** Checksummed spellings are common in such files; inside, addresses are lower case. */
const addressInAnyCase = z
  .string()
  .regex(ADDRESS_ANY_CASE, "must be 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as Address);

/** Closed schema `microtonne-deployment/1`. */
const deploymentSchema = z.strictObject({
  schema: z.literal("microtonne-deployment/1"),
  network: z.string().regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}"),
  chainId: z.int().min(1),
  contracts: z.strictObject(
    Object.fromEntries(CONTRACT_NAMES.map((name) => [name, addressInAnyCase])) as Record<
      keyof ContractAddresses,
      typeof addressInAnyCase
    >,
  ),
  block: z.int().min(0),
  blockHash: word32,
  commit: z.string().regex(/^(?:local|[0-9a-f]{7,40})$/, "must be a commit or local"),
  codeHashes: z
    .strictObject(
      Object.fromEntries(CONTRACT_NAMES.map((name) => [name, word32])) as Record<
        keyof ContractAddresses,
        typeof word32
      >,
    )
    .exactOptional(),
});

/**
 * A deployment out of parsed JSON; addresses come out in lower case.
 * @throws InputError `deployment.malformed` naming the field, `deployment.contracts` where two contracts
 * share an address
 */
export function parseDeployment(value: unknown): Deployment {
  const deployment: Deployment = decodeWith(
    deploymentSchema,
    value,
    "deployment.malformed",
    "deployment file",
  );
  const byAddress = new Map<Hex, string>();
  for (const name of CONTRACT_NAMES) {
    const other = byAddress.get(deployment.contracts[name]);
    if (other !== undefined) {
      throw new InputError(
        "deployment.contracts",
        `The deployment file gives ${other} and ${name} one address. Each contract has its own.`,
      );
    }
    byAddress.set(deployment.contracts[name], name);
  }
  return deployment;
}

/**
 * The deployment behind the bytes of a file; its JSON may be laid out for readers. @throws InputError as
 * `parseDeployment`
 */
export function decodeDeployment(bytes: Uint8Array): Deployment {
  if (bytes.length > MAX_DEPLOYMENT_BYTES)
    throw new InputError("deployment.malformed", "The deployment file has more than 64 KB.");
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new InputError("deployment.malformed", "The deployment file is no JSON.", { cause });
  }
  return parseDeployment(value);
}

/**
 * A deployment as a file for people and programs: indented JSON with a line end. @throws InputError as
 * `parseDeployment`
 */
export function encodeDeployment(deployment: Deployment): string {
  return `${JSON.stringify(parseDeployment(deployment), null, 2)}\n`;
}
