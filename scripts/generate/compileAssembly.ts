import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Compiles an AssemblyScript file of this project and what it imports into a WebAssembly module without
 * imports. The bytes depend on the sources alone.
 * @throws Error with the compiler's messages; its warnings count
 */
export function compileAssembly(entry: string, { simd }: { readonly simd: boolean }): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-kernel-"));
  const root = join(import.meta.dirname, "../..");
  const file = join(folder, "kernel.wasm");
  try {
    // The compiler's own types would change the types of arrays in the whole project, hence its command.
    const options = ["--outFile", file, "-O3", "--noAssert", "--runtime", "stub"];
    if (simd) options.push("--enable", "simd");
    const { status, stderr, error } = spawnSync("asc", [entry, ...options], { cwd: root, encoding: "utf8" });
    if (status !== 0 || stderr !== "") throw new Error(`${entry}: ${stderr || (error?.message ?? "")}`);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
