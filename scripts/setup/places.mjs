import { fileURLToPath } from "node:url";
import path from "node:path";

/** The clone's folder, without a slash at its end. */
export const ROOT = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));
export const BIN = path.join(ROOT, "node_modules", ".bin");
