import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BIN, ROOT } from "./places.mjs";
import { runStep } from "./runCommand.mjs";
import { say } from "./say.mjs";
import { digestOf, isStamped } from "./stamp.mjs";

const STAMP = path.join(ROOT, "node_modules", ".microtonne-setup");

/**
 * Installs what package-lock.json names, unless exactly that is installed. The stamp is removed first and
 * written last, so an interrupted install never looks finished.
 * @param {import("./withLock.mjs").Lock} lock
 */
export async function installPackages(lock) {
  const wanted = `${digestOf(["package-lock.json"])} ${process.platform} ${process.arch}`;
  if (isStamped(STAMP, wanted)) return;
  fs.rmSync(STAMP, { force: true });

  const pinned = pinnedNode();
  const env = { ...process.env, PATH: pathWithoutProject() };
  const machine = nodeVersion("node", env);
  // npm under an older Node silently leaves out optional packages that ask for a newer one, Hardhat's native
  // EVM among them.
  if (Number(machine?.split(".")[0]) >= 24) {
    say(`installing packages with npm under this machine's Node ${machine}. Only needed once.`);
    await runStep("npm", ["ci"], env, lock);
  } else {
    say(
      `installing packages with npm under Node ${pinned}, because this machine's Node is ` +
        `${machine ?? "not found"}. Only needed once.`,
    );
    await runStep("npx", ["--yes", "--package", `${nodePackage()}@${pinned}`, "npm", "ci"], env, lock);
  }

  const installed = nodeVersion(path.join(BIN, "node"), env);
  if (installed !== pinned) {
    throw new Error(
      `set-up: expected Node ${pinned} in node_modules/.bin, found ${installed ?? "none"}. Were ` +
        "install scripts switched off?",
    );
  }
  fs.writeFileSync(STAMP, wanted);
}

/** The exact version of Node that package.json names. @returns {string} */
function pinnedNode() {
  const text = fs.readFileSync(path.join(ROOT, "package.json"), "utf8");
  const manifest = /** @type {{ devDependencies: { node: string } }} */ (JSON.parse(text));
  return manifest.devDependencies.node;
}

/** The package that holds Node itself, without an install script; named as the package `node` names it. */
function nodePackage() {
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${process.platform}-${process.arch}`;
}

/** PATH without any node_modules/.bin: the install replaces the Node that lies there. */
function pathWithoutProject() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.filter((folder) => !folder.endsWith(path.join("node_modules", ".bin"))).join(path.delimiter);
}

/** @param {string} node @param {NodeJS.ProcessEnv} env @returns {string | undefined} e.g. "24.21.0" */
function nodeVersion(node, env) {
  try {
    return execFileSync(node, ["--version"], { env, encoding: "utf8" }).trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}
