import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { functionsOf, ROLES } from "../../../../src/adapters/chain/accessRoles.ts";
import { CONTRACT_NAMES } from "../../../../src/base/types/deployment.ts";

/** Files that hold a part of a contract, and the contract. */
const PART_OF: Readonly<Record<string, string>> = {
  BatchSettings: "BatchRegistry",
  DisputeBonds: "BatchDisputes",
  HoldKeeper: "CarbonCredit",
  PermissionedERC20: "SettlementCash",
  WalletRecoveries: "ParticipantRegistry",
};
/** Created later, one by one: their restricted functions belong to the admin until it decides otherwise. */
const CREATED_LATER = new Set(["AuthorityOrders", "CarbonPool", "PayoutDistributor"]);

/** Functions with the modifier `restricted`, as `Contract.function`. */
function restrictedFunctions(): string[] {
  return globSync("contracts/**/*.sol").flatMap((path) => {
    const file = basename(path, ".sol");
    const contract = PART_OF[file] ?? file;
    if (CREATED_LATER.has(contract)) return [];
    const headers = readFileSync(path, "utf8").matchAll(/function (\w+)\([^)]*\)([^{;]*)\{/g);
    return [...headers]
      .filter(([, , modifiers]) => /\brestricted\b/.test(modifiers ?? ""))
      .map(([, name]) => `${contract}.${name ?? ""}`);
  });
}

describe("the list of roles", () => {
  const listed = ROLES.flatMap(functionsOf);

  it("gives every restricted function of the deployment to one role, and nothing else", () => {
    const inRoles = listed.map(({ contract, name }) => `${contract}.${name}`);
    expect(new Set(inRoles).size).toBe(inRoles.length);
    expect(new Set(inRoles)).toEqual(new Set(restrictedFunctions()));
  });

  it("names contracts of the deployment and distinct ids above the admin's", () => {
    for (const { contract } of listed) expect(CONTRACT_NAMES).toContain(contract);
    const ids = ROLES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id > 0n)).toBe(true);
  });
});
