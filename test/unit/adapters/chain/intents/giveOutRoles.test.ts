import { decodeFunctionData, toFunctionSelector } from "viem";
import { expect, it } from "vitest";
import { accessManagerAbi } from "../../../../../src/adapters/chain/abis.generated.ts";
import { functionsOf, ROLES } from "../../../../../src/adapters/chain/accessRoles.ts";
import { giveOutRoles } from "../../../../../src/adapters/chain/intents/giveOutRoles.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../../../src/base/types/deployment.ts";
import type { Address } from "../../../../../src/base/types/ids.ts";

const account = (byte: string): Address => `0x${byte.repeat(20)}`;
const contracts = Object.fromEntries(
  CONTRACT_NAMES.map((name, i) => [name, account(`a${String(i)}`)]),
) as unknown as ContractAddresses;
const held = { members: [account("11"), account("12")], delaySeconds: 60, grantDelaySeconds: 0 };
const late = { ...held, grantDelaySeconds: 5 };
const roles = { governor: held, appointer: late, methodologist: held, pauser: held };

it("all functions and members are given out, and the deployer's own power last", () => {
  const deployer = account("dd");
  const intents = giveOutRoles(contracts, deployer, { admin: account("ad"), adminDelaySeconds: 90, roles });
  const calls = intents.map(({ data }) => decodeFunctionData({ abi: accessManagerAbi, data }));
  const functions = ROLES.flatMap((role) => functionsOf(role));
  const names = calls.map(({ functionName }) => functionName);
  expect(names.filter((name) => name === "setTargetFunctionRole")).toHaveLength(functions.length);
  expect(names.filter((name) => name === "grantRole")).toHaveLength(2 * ROLES.length + 1);
  expect(calls.filter(({ functionName }) => functionName === "setGrantDelay")).toEqual([
    { functionName: "setGrantDelay", args: [2n, 5] },
  ]);
  expect(calls.slice(-2).map(({ functionName, args }) => [functionName, args])).toEqual([
    ["grantRole", [0n, expect.stringMatching(/^0xad/i), 90]],
    ["renounceRole", [0n, expect.stringMatching(/^0xdd/i)]],
  ]);
  expect(calls[0]?.args?.[1]).toEqual([toFunctionSelector("setRecoveryTerms(uint8,uint32)")]);
  expect(new Set(intents.map(({ key }) => key)).size).toBe(intents.length);
});

it("a deployer that is to be admin keeps its power", () => {
  const deployer = account("ad");
  const intents = giveOutRoles(contracts, deployer, { admin: deployer, adminDelaySeconds: 0, roles });
  const last = intents.at(-1);
  expect(last && decodeFunctionData({ abi: accessManagerAbi, data: last.data }).functionName).toBe(
    "grantRole",
  );
});
