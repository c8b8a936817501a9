/** What an integrator has who installs the package: packed, installed into an empty project, used there. */
import { globSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { packedProject, type PackedProject } from "./support/packedProject.ts";
import { MISTYPED, TYPED } from "./support/typedProgram.ts";
import { typeCheck } from "./support/typeCheck.ts";

const MAX_MEGABYTES = 110;
/** What the README says that only a clone has. */
const IN_A_CLONE = [
  /^(?:src|contracts|scripts|test|docs\/design)(?:\/|$)/,
  /^(?:CONTRIBUTING\.md|hardhat\.config\.ts|docs\/speed\.json)$/,
];

let project: PackedProject;
beforeAll(() => {
  project = packedProject();
});
afterAll(() => project.remove());

const microtonne = (...args: string[]) => project.run("npx", ["--no-install", "microtonne", ...args]);

describe("the package", () => {
  it("holds what was built and what starts it, and neither tests nor sources", () => {
    const roots = new Set(project.files.map((path) => path.split("/")[0]));
    const documents = [".env.example", "CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "docs"];
    expect(roots).toEqual(new Set([...documents, "deployments", "dist", "package.json", "scripts"]));
    expect(project.files.filter((path) => path.startsWith("scripts/"))).toEqual([
      "scripts/launch/nodeFlags.mjs",
      "scripts/launch/runChild.mjs",
      "scripts/microtonne.mjs",
    ]);
    expect(project.files.filter((path) => /(?<!\.d)\.ts$|\.test\./.test(path))).toEqual([]);
    expect(project.files).toContain("dist/THIRD-PARTY.txt");
    expect(packageJson.scripts.prepack).toBe("npm run -s build");
  });

  it("brings its guides, whose links lead to what it brings or into a clone", () => {
    const guides = project.files.filter((path) => path.endsWith(".md") && path !== "CHANGELOG.md");
    expect(guides).toEqual(
      expect.arrayContaining(["docs/corporate.md", "docs/network.md", "docs/auditor.md"]),
    );
    const dead = guides.flatMap((guide) =>
      [
        ...readFileSync(join(project.folder, "node_modules/microtonne", guide), "utf8").matchAll(
          /\]\(([^)#:]+)(?:#[^)]*)?\)/g,
        ),
      ]
        .map(([, link = ""]) => normalize(join(dirname(guide), link)))
        .filter((path) => !IN_A_CLONE.some((pattern) => pattern.test(path)) && !project.files.includes(path))
        .map((path) => `${guide}: ${path}`),
    );
    expect(dead).toEqual([]);
  });

  it(`takes less than ${String(MAX_MEGABYTES)} MB with all that it needs, and brings no compiler`, () => {
    const peers = Object.keys(packageJson.peerDependencies);
    const files = globSync("node_modules/**/*", {
      cwd: project.folder,
      exclude: (path) => peers.some((peer) => path === peer || path.startsWith(`node_modules/${peer}`)),
    });
    const bytes = files.reduce((sum, path) => sum + statSync(join(project.folder, path)).size, 0);
    expect(bytes / 1_000_000).toBeLessThan(MAX_MEGABYTES);
    expect(
      files.filter((path) => /^node_modules\/(?:typescript|@typescript|esbuild|vite)/.test(path)),
    ).toEqual([]);
  });

  it("types all entry points for both ways of resolving them", () => {
    for (const resolution of ["nodenext", "bundler"] as const) {
      expect(typeCheck(project.folder, TYPED, resolution)).toBe("");
      for (const source of MISTYPED)
        expect(typeCheck(project.folder, source, resolution)).toMatch(/error TS(?:2322|2339|2345)/);
    }
  });

  it("gives programs client, verifier, format, ABIs and bindings", () => {
    const out = project.runModule(`
      import { batchRegistryAbi } from "microtonne/abis";
      import { BatchRegistry__factory } from "microtonne/bindings";
      import { connect } from "microtonne/client";
      import { formatTonnes, milligrams, MicrotonneError } from "microtonne/format";
      import { verifyProof } from "microtonne/verify";
      const refused = await verifyProof(new TextEncoder().encode("{}"), null).catch((error) => error);
      console.log(JSON.stringify([
        batchRegistryAbi.length > 10,
        BatchRegistry__factory.createInterface().getFunction("headOf").name,
        typeof connect,
        formatTonnes(milligrams(2_620_000_000n)),
        refused instanceof MicrotonneError,
      ]));`);
    expect(JSON.parse(out)).toEqual([true, "headOf", "function", "2.62", true]);
  });
});

describe("its binary", () => {
  it("says its version, and helps, from an empty folder", () => {
    expect(microtonne("--version")).toEqual({ code: 0, out: `${packageJson.version}\n`, err: "" });
    expect(microtonne("ingest", "--help").out).toContain("Usage: microtonne ingest");
    expect(microtonne("completion", "bash").out).toContain("complete -o default -F _microtonne microtonne");
  });

  it("runs the demo, whose printed commands run as they are pasted", () => {
    const demo = microtonne("demo", "--records", "2000");
    expect(demo.code, demo.err).toBe(0);
    expect(demo.err).toContain("the verifier refuses it");
    const printed = [...demo.out.matchAll(/^ {2}(npx microtonne .*)$/gm)].map(([, command = ""]) => command);
    expect(printed).toHaveLength(3);
    for (const command of printed.filter((one) => !one.includes(" serve "))) {
      const ran = project.run("sh", ["-c", command]);
      expect(ran.code, `${command}\n${ran.err}`).toBe(0);
    }
    const listed = microtonne("batch", "list", "--data", ".microtonne/demo", "--json");
    expect(JSON.parse(listed.out)).toMatchObject([{ state: "minted", region: "WUHAN" }]);
  });

  it("verifies without database and chain, and says what is missing where they are needed", () => {
    const remove = (name: string) => rmSync(join(project.folder, "node_modules", name), { recursive: true });
    const codeOf = (...words: string[]) => {
      const { code: exitCode, out } = microtonne(...words, "--data", ".microtonne/demo", "--json");
      return [exitCode, (JSON.parse(out) as { error: { code: string } }).error.code];
    };
    const [database, chain] = Object.keys(packageJson.optionalDependencies) as [string, string];
    remove(chain);
    expect(codeOf("batch", "close", "--region", "WUHAN", "--vintage", "2025")).toEqual([3, "chain.no-anvil"]);
    remove(database);
    expect(codeOf("batch", "list")).toEqual([3, "storage.no-database"]);
    const proof = ".microtonne/demo/act.proof.json";
    expect(microtonne("verify", proof).code).toBe(5);
    expect(microtonne("verify", proof, "--allow-unanchored").code).toBe(0);
    const { code, err } = microtonne("batch", "list", "--data", ".microtonne/demo");
    expect(code).toBe(3);
    expect(err).toContain("The embedded database is not installed");
    // Before a day is made for it.
    const demo = microtonne("demo", "--records", "2000", "--out", "another-demo");
    expect(demo.code).toBe(3);
    expect(demo.err).toContain("The embedded database is not installed");
    expect(demo.err).not.toContain("generated");
  });
});
