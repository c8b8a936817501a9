import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./places.mjs";

/**
 * SHA-256 over names and contents of files and folders (whole), in order. @param {string[]} names relative to
 * the clone
 */
export function digestOf(names) {
  const hash = createHash("sha256");
  for (const name of names.flatMap(filesUnder)) {
    const bytes = fs.readFileSync(path.join(ROOT, name));
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** @param {string} name @returns {string[]} */
function filesUnder(name) {
  if (fs.statSync(path.join(ROOT, name)).isFile()) return [name];
  const entries = fs.readdirSync(path.join(ROOT, name), { withFileTypes: true });
  return entries
    .map((entry) => path.join(name, entry.name))
    .toSorted()
    .flatMap(filesUnder);
}

/**
 * @param {string} file @param {string} digest @returns {boolean} whether the stamp is there and says exactly
 * this
 */
export function isStamped(file, digest) {
  try {
    return fs.readFileSync(file, "utf8") === digest;
  } catch {
    return false;
  }
}
