/** Writes the typed client of the HTTP service out of its OpenAPI document, or checks that it is fresh. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApiDocument } from "../../src/doors/http/document/openApiDocument.ts";
import { ROUTES } from "../../src/doors/http/routes.ts";

const HELP = `Generates src/client/client.generated.ts from the OpenAPI document of the HTTP service.

  node scripts/generate/client.ts --write   writes it
  node scripts/generate/client.ts --check   fails where it is stale
`;
const FILE = new URL("../../src/client/client.generated.ts", import.meta.url);

function generate(): string {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-client-"));
  try {
    const [document, client] = [join(folder, "openapi.json"), join(folder, "client.ts")];
    writeFileSync(document, JSON.stringify(openApiDocument(ROUTES)));
    const { status, stderr } = spawnSync("oazapfts", ["--argumentStyle=object", document, client], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`oazapfts ended with ${String(status)}: ${stderr}`);
    // Its optional members are looser than this project's compiler wants.
    return `// @ts-nocheck\n${readFileSync(client, "utf8")}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const mode = process.argv[2];
if (mode === "--write") writeFileSync(FILE, generate());
else if (mode === "--check") {
  if (readFileSync(FILE, "utf8") !== generate()) {
    process.stderr.write("The generated client is stale. Run `npm run build:client`.\n");
    process.exitCode = 1;
  }
} else process.stdout.write(HELP);
