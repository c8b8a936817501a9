import { fileURLToPath } from "node:url";
import path from "node:path";

/** The clone's folder, without a slash at its end. */
export const ROOT = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));
export const BIN = path.join(ROOT, "node_modules", ".bin");
/** The command line's sources start here. */
export const MAIN = path.join(ROOT, "src", "doors", "cli", "main.ts");
