import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { functionsOf, ROLES } from "../../../scripts/deployment/roles.ts";
import { CONTRACT_NAMES } from "../../../src/base/types/deployment.ts";

/** Functions with the modifier `restricted`, as `File.function`. */
function restrictedFunctions(): string[] {
  return globSync("contracts/**/*.sol").flatMap((path) => {
    const headers = readFileSync(path, "utf8").matchAll(/function (\w+)\([^)]*\)\s*external([^{;]*)\{/g);
    return [...headers]
      .filter(([, , modifiers]) => /\brestricted\b/.test(modifiers ?? ""))
      .map(([, name]) => `${basename(path, ".sol")}.${name ?? ""}`);
  });
}

describe("the list of roles", () => {
  const listed = ROLES.flatMap(functionsOf);

  it("gives every restricted function to one role, and nothing else", () => {
    const names = listed.map(({ name }) => name).toSorted();
    // A part of a contract may stand in a file of its own, so names are compared, and contracts by their ABIs when a network is deployed.
    expect(names).toEqual(
      restrictedFunctions()
        .map((name) => name.split(".")[1])
        .toSorted(),
    );
  });

  it("names contracts of the deployment and distinct ids above the admin's", () => {
    for (const { contract } of listed) expect(CONTRACT_NAMES).toContain(contract);
    const ids = ROLES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id > 0n)).toBe(true);
  });
});
