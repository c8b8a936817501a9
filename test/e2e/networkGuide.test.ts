/** The commands of docs/network.md, run as they stand there: from no chain to a verified retirement. */
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
  symlinkSync(resolve("scripts"), join(folder, "scripts"));
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("the guide to a network of one's own", () => {
  it.skipIf(!tools)("ends its commands well, from no chain to a verified retirement", async () => {
    const blocks = [...readFileSync("docs/network.md", "utf8").matchAll(/^```sh\n(.*?)^```$/gms)];
    // The port alone may be taken here.
    const script = blocks.map(([, block]) => block).join("\n");
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
    expect(errors).not.toMatch(/error/i);
  });
});
