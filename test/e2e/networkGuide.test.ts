/**
 * The commands of docs/network.md, run as they stand there: from no chain to a verified retirement; then
 * those of docs/corporate.md, which go on from it.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { killIfThere } from "./support/chainNodes.ts";
import { environmentOf } from "./support/commandLine.ts";

const tools = ["bash", "seq"].every((tool) => spawnSync(tool, ["--version"]).status === 0);
const folder = mkdtempSync(join(tmpdir(), "microtonne-network-guide-"));
let group = 0;

afterAll(() => {
  // The chain of the guide runs on in the background, in the group of its shell.
  if (group > 0) killIfThere(-group);
  rmSync(folder, { recursive: true, force: true });
});

/** A clone as the guide knows it: `npx` finds the program and its chain, `scripts/` are there. */
function clone(): NodeJS.ProcessEnv {
  mkdirSync(join(folder, "bin"));
  for (const part of ["scripts", "docs"]) symlinkSync(resolve(part), join(folder, part));
  const npx = [
    "#!/bin/sh",
    'tool="$1"; shift',
    'case "$tool" in',
    `  microtonne) exec node ${resolve("src/doors/cli/main.ts")} "$@" ;;`,
    `  *) exec ${resolve("node_modules/.bin")}/"$tool" "$@" ;;`,
    "esac",
  ];
  writeFileSync(join(folder, "bin/npx"), `${npx.join("\n")}\n`, { mode: 0o755 });
  const own = environmentOf({});
  return { ...own, PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:${own["PATH"] ?? ""}` };
}

/** What the guides say is refused, after them: each answer with its exit code on a line of its own. */
const REFUSED = `
refused() { npx microtonne "$@" --json && exit 9 || echo "code $?"; }
refused prove --retirement $retirement --out harbour/none.proof.json --data harbour/auditor
refused prove --retirement 0x${"1".repeat(64)} --out harbour/none.proof.json --data harbour/auditor
refused retire --amount 1 --purpose event-neutrality --beneficiary B --data harbour/corporate
refused retire --amount 0.0001 --purpose event-neutrality --beneficiary B --recognised-by WUHAN \\
  --data harbour/corporate
refused network init --data harbour/both --rpc http://127.0.0.1:9545 --deployment harbour/harbour.json \\
  --signer holder=harbour/corporate.key.json --signer operator=harbour/operator.key.json \\
  --password-file harbour/password
npx microtonne retire --amount 0.0001 --purpose event-neutrality --beneficiary B --year 2024 --dry-run \\
  --data harbour/corporate
`;

interface Retired {
  readonly serials: readonly string[];
}
interface Proof {
  readonly retirement: {
    readonly record: unknown;
    readonly disclosed?: { readonly beneficiary: { readonly name: string } };
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("the guides to a network of one's own, and to retiring what one got on it", () => {
  it.skipIf(!tools)(
    "end their commands well, from no chain to a corporate's verified retirement",
    async () => {
      const guides = ["docs/network.md", "docs/corporate.md"].map((file) => readFileSync(file, "utf8"));
      const blocks = [...guides.join("\n").matchAll(/^```sh\n(.*?)^```$/gms)];
      // The port alone may be taken here.
      const script = [...blocks.map(([, block]) => block), REFUSED].join("\n");
      const port = String(await freePort());
      const child = spawn("bash", ["-euo", "pipefail", "-c", script.replaceAll("9545", port)], {
        cwd: folder,
        env: clone(),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      group = child.pid ?? 0;
      const [out, errors, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit") as Promise<[number]>,
      ]);
      expect(code, errors + out).toBe(0);
      expect(out).toContain("10 contracts stand on chain 4242, roles are given out");
      expect(out).toContain("exit code 4: something is missing");
      expect(out).toContain("its appointer (0x");
      // The second look at the network finds nothing missing.
      expect(out.slice(out.lastIndexOf("network harbour, chain 4242"))).not.toContain("missing ");
      expect(out).toMatch(/minted 0\.0060\d* t of batch/);
      expect(out).toContain("WARNING: the activity keys and commitments");
      expect(out).toContain("the retirement registry keeps this whole retirement");
      expect(out.match(/HARBOUR-BUS.*published/g)?.length).toBeGreaterThanOrEqual(4);
      // The corporate's: what was planned is what was retired, and each way of proving it holds.
      expect(out).toContain("signs as holder: 0x");
      expect(out).toContain("would retire 0.0015 t for corporate-neutrality");
      const proof = (name: string) =>
        JSON.parse(readFileSync(join(folder, "harbour", name), "utf8")) as Proof;
      const retired = JSON.parse(readFileSync(join(folder, "harbour/report-2025.json"), "utf8")) as Retired;
      expect(retired).toMatchObject({ tonnes: "0.0015", proven: false });
      expect(retired.serials).toEqual([expect.stringMatching(/^MT-WUHAN-2025-/)]);
      const [own, operators, auditors] = ["report-2025", "by-the-operator", "by-the-auditor"].map((name) =>
        proof(`${name}.proof.json`),
      ) as [Proof, Proof, Proof];
      expect(own.retirement.disclosed?.beneficiary.name).toBe("Harbour Bank");
      for (const { retirement } of [operators, auditors]) {
        expect(retirement.record).toEqual(own.retirement.record);
        expect(retirement.disclosed).toBeUndefined();
      }
      expect(out.match(/the retirement registry keeps this whole retirement/g)).toHaveLength(3);
      const refusals = [...out.matchAll(/"code":"([a-z.-]+)".*\ncode ([0-9])/g)].map(([, ...told]) => told);
      expect(refusals).toEqual([
        ["prove.archive", "2"],
        ["retirement.unknown", "2"],
        ["retire.insufficient", "1"],
        ["prove.archive", "2"],
        ["config.signer", "2"],
      ]);
      expect(out).toContain("warning     It would be reported for 2024, and takes from the vintage 2025");
      expect(errors).not.toMatch(/error/i);
    },
  );
});
