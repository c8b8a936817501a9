import { Command } from "commander";
import { describe, expect, it } from "vitest";
import {
  addTrustOptions,
  rootTrust,
  trustMode,
  type TrustOptions,
} from "../../../../src/doors/cli/trustOptions.ts";

const hash = (digit: string) => `0x${digit.repeat(64)}`;

/** The options of `verify <words>` as commander reads them. */
function read(...words: string[]): TrustOptions {
  const command = new Command("verify")
    .argument("<path>")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  addTrustOptions(command);
  return command.parse(["proof.json", ...words], { from: "user" }).opts();
}

describe("trust options", () => {
  it.each<[string, string[], string]>([
    ["nothing", [], "none"],
    ["a batch id", ["--batch-id", hash("a")], "root"],
    ["a tree", ["--root", hash("a"), "--total", "12", "--count", "3"], "root"],
    ["a block", ["--block-hash", hash("a"), "--deployment", "d.json"], "block"],
    ["a node", ["--rpc", "http://127.0.0.1:1", "--deployment", "d.json"], "rpc"],
    ["the own chain", ["--own"], "own"],
  ])("ask for %s", (_, words, mode) => {
    expect(trustMode(read(...words), false)).toBe(mode);
    expect(trustMode(read(...words), true)).toBe(mode);
  });

  it.each<[string, string[]]>([
    ["a root without its total and count", ["--root", hash("a")]],
    ["a total without a root", ["--total", "1"]],
    ["a batch and a block", ["--batch-id", hash("a"), "--block-hash", hash("b"), "--deployment", "d.json"]],
    ["a node and the own chain", ["--rpc", "http://127.0.0.1:1", "--deployment", "d.json", "--own"]],
    ["a block without a deployment", ["--block-hash", hash("a")]],
    ["a node without a deployment", ["--rpc", "http://127.0.0.1:1"]],
    ["a deployment alone", ["--deployment", "d.json"]],
    ["a deployment beside a batch", ["--batch-id", hash("a"), "--deployment", "d.json"]],
  ])("that name %s are wrong usage", (_, words) => {
    expect(() => trustMode(read(...words), false)).toThrow(
      expect.objectContaining({ code: "verify.trust", name: "UsageError" }),
    );
  });

  it("ask for a deployment file alone where an archive is checked, and name that door for a file", () => {
    const alone = read("--deployment", "d.json");
    expect(trustMode(alone, true)).toBe("deployment");
    expect(() => trustMode(alone, false)).toThrow(/alone it is for an archive, a folder or --url/);
    const beside = read("--batch-id", hash("a"), "--deployment", "d.json");
    expect(() => trustMode(beside, true)).toThrow(expect.objectContaining({ code: "verify.trust" }));
  });

  it.each<[string, string[]]>([
    ["a short batch id", ["--batch-id", "0x12"]],
    ["a root that is no hash", ["--root", "root"]],
    ["a total with a point", ["--total", "1.5"]],
    ["a total beyond 2^63", ["--total", "9223372036854775808"]],
    ["no leaves", ["--count", "0"]],
    ["a negative count", ["--count", "-1"]],
  ])("refuse %s", (_, words) => {
    expect(() => read(...words)).toThrow(expect.objectContaining({ code: "commander.invalidArgument" }));
  });

  it("name any number of batches, in any spelling, and a tree beside them", () => {
    const options = read(
      "--batch-id",
      hash("A"),
      "--batch-id",
      hash("b"),
      "--root",
      hash("c"),
      "--total",
      "12",
      "--count",
      "3",
    );
    expect(rootTrust(options).batches).toEqual([
      { batchId: hash("a") },
      { batchId: hash("b") },
      { root: hash("c"), total: 12n, count: 3 },
    ]);
  });
});
