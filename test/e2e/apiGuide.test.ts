/** The API guide's commands, run as they stand there, against a service of its own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey } from "../../src/app/apiKeys/createApiKey.ts";
import { ROLES } from "../../src/app/apiKeys/roles.ts";
import type { Context } from "../../src/app/context.ts";
import { serve, type Serving } from "../../src/doors/http/serve.ts";
import { newPlace, type Place } from "./support/newPlace.ts";

const tools = ["bash", "curl", "base64"].every((tool) => spawnSync(tool, ["--version"]).status === 0);

describe("the API guide", () => {
  let place: Place;
  let context: Context;
  let serving: Serving;
  let folder: string;
  let output = "";
  let ended: { code: number; errors: string };

  beforeAll(async () => {
    if (!tools) return;
    place = await newPlace(null);
    context = await place.open();
    serving = await serve(context, { host: "127.0.0.1", port: 0, jobs: true });
    const { token } = await createApiKey(context, {
      tenant: context.tenant,
      label: "guide",
      roles: ROLES,
      expiresAt: null,
    });
    folder = await mkdtemp(join(tmpdir(), "microtonne-guide-"));
    const blocks = [...(await readFile("docs/api.md", "utf8")).matchAll(/^```sh\n(.*?)^```$/gms)].map(
      ([, block]) => block,
    );
    const child = spawn("bash", ["-euo", "pipefail", "-c", blocks.join("\n")], {
      cwd: folder,
      env: { ...process.env, URL: serving.url, TOKEN: token },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number]>,
    ]);
    output = out;
    ended = { code, errors };
  });

  afterAll(async () => {
    if (!tools) return;
    await serving.stop();
    await context.close();
    await place.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it.skipIf(!tools)("ends its commands well, with the answers that it promises", async () => {
    expect(ended.code, ended.errors + output).toBe(0);
    expect(output).toContain('"read":3,"accepted":2,"rejected":1,"duplicates":0');
    expect(output).toContain('"code":"quantity.negative"');
    // The upload brings the same rows again.
    expect(output).toMatch(/"read":3,"accepted":0,"rejected":1,"duplicates":2/);
    expect(output).toMatch(/"code":"lookup.missing"/);
    expect(output).toContain('"state":"minted"');
    expect(output).toContain('"absence":{"index":');
    expect(output).toMatch(/^id: 3$/m);
    const retirement = JSON.parse(await readFile(join(folder, "retirement.proof.json"), "utf8")) as {
      kind: string;
    };
    expect(retirement.kind).toBe("retirement");
    const [manifest, ...leaves] = (await readFile(join(folder, "package.ndjson"), "utf8"))
      .trimEnd()
      .split("\n");
    expect(manifest).toBe(await readFile(join(folder, "manifest.json"), "utf8"));
    // Two metro rides and one by bicycle.
    expect(leaves).toHaveLength(3);
    const proposal = JSON.parse(await readFile(join(folder, "proposal.json"), "utf8")) as {
      profile: string;
      doubts: string[];
    };
    expect(proposal.profile).toContain("schema: microtonne-profile/1");
    expect(proposal.doubts.length).toBeGreaterThan(0);
    const { token } = JSON.parse(await readFile(join(folder, "key.json"), "utf8")) as { token: string };
    const refused = await fetch(`${serving.url}/v1/batches`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(401);
  });
});
