import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOptions } from "../setup/readOptions.ts";
import { bundleLibrary, bundleProgram } from "./bundle.ts";
import { copyData } from "./copyData.ts";
import { thirdPartyText } from "./thirdPartyText.ts";

const HELP = `Builds what the package ships: entry points with their types, and the command line.

  node scripts/package/build.ts --write              into dist/, which is emptied first
  node scripts/package/build.ts --write --to FOLDER  into another folder
`;

const { values } = readOptions(HELP, { options: { write: { type: "boolean" }, to: { type: "string" } } });
if (values.write === true) {
  const folder = resolve(values.to ?? "dist");
  rmSync(folder, { recursive: true, force: true });
  execFileSync("tsc", ["-p", "tsconfig.build.json", "--outDir", join(folder, "types")], { stdio: "inherit" });
  const bundles = [await bundleLibrary(join(folder, "lib")), await bundleProgram(join(folder, "cli"))];
  await copyData(join(folder, "cli"));
  writeFileSync(join(folder, "THIRD-PARTY.txt"), thirdPartyText(bundles));
} else process.stdout.write(HELP);
