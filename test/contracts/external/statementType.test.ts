import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(path, "utf8");

describe("the EIP-712 type of an immobilisation", () => {
  it("is what the interface tells a registry to sign", () => {
    const source = read("contracts/external/ExternalUnits.sol");
    const strings = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join("");
    const block = strings(/BLOCK_TYPE =([^;]*);/.exec(source)?.[1] ?? "");
    const head = strings(/encodePacked\(([^,]*"[^"]*")/.exec(source)?.[1] ?? "");
    const told = read("contracts/interfaces/IExternalUnits.sol")
      .replaceAll(/\n\s*\/\/\/ ?/g, " ")
      .match(/type `(Immobilisation[^`]*)`/)?.[1]
      ?.replaceAll(/(?<=,) /g, "")
      .replaceAll(/ (?=UnitBlock\()/g, "");
    expect(block).toMatch(/^UnitBlock\(/);
    expect(told).toBe(head + block);
  });
});
