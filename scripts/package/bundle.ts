import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

/** Entry points for programs, by the name that they are imported under, and what those start as workers. */
const LIBRARY = {
  abis: "src/abis/index.ts",
  bindings: "types/ethers-contracts/index.ts",
  client: "src/client/index.ts",
  format: "src/format/index.ts",
  verify: "src/verify/index.ts",
  nodeWorker: "src/kernel/workers/nodeWorker.ts",
  webWorker: "src/kernel/workers/webWorker.ts",
};
/** What the types of the entry points name, so that it is installed or brought along in any case. */
const NAMED_BY_TYPES = ["zod", "zod/*", "@oazapfts/runtime", "ethers"];

const PROGRAM = {
  main: "src/doors/cli/main.ts",
  "src/kernel/workers/nodeWorker": "src/kernel/workers/nodeWorker.ts",
};
/** Programs and data in files of their own. `pg` asks for `pg-native` and does without. */
const NOT_BUNDLED = ["@electric-sql/pglite", "@electric-sql/pglite/*", "@foundry-rs/anvil", "pg-native"];

/** Oldest Node of the entry points, and of the command line. */
const [LIBRARY_TARGET, PROGRAM_TARGET] = ["es2023", "node22"];

/**
 * Bundles the entry points into `folder`, flat: a worker is looked for beside the file that starts it. They
 * run in browsers too, so nothing of Node is put in front of them.
 */
export async function bundleLibrary(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: LIBRARY,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    // Of packages that come in two forms, the one for browsers does in Node as well.
    platform: "browser",
    target: LIBRARY_TARGET,
    external: [...NAMED_BY_TYPES, "node:*"],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** Bundles the command line into `folder`: what starts at once in one file, what comes later in others. */
export async function bundleProgram(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: PROGRAM,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: PROGRAM_TARGET,
    external: NOT_BUNDLED,
    // Packages in the older module format ask for Node's own modules by `require`.
    banner: {
      js:
        'import { createRequire as requireFor } from "node:module"; ' +
        "const require = requireFor(import.meta.url);",
    },
    plugins: [oldPlaces],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** Sources that look for files beside themselves find them where they would be, were they not bundled. */
const oldPlaces: Plugin = {
  name: "old-places",
  setup(bundling) {
    bundling.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const place = JSON.stringify(`./${relative(process.cwd(), path).replace(/\.ts$/, ".js")}`);
      const contents = text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`);
      return { contents, loader: "ts" };
    });
  },
};
