import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import asc from "assemblyscript/asc";

/**
 * Compiles an AssemblyScript file and what it imports into a WebAssembly module without imports. The bytes
 * depend on the sources alone.
 * @throws Error with the compiler's messages; its warnings count
 */
export async function compileAssembly(entry: string, { simd }: { simd: boolean }): Promise<Uint8Array> {
  const root = resolve(import.meta.dirname, "../..");
  let binary: Uint8Array | undefined;
  const options = [entry, "--baseDir", root, "--outFile", "kernel.wasm", "-O3", "--runtime", "stub"];
  let messages = "";
  const { error } = await asc.main([...options, "--noAssert", ...(simd ? ["--enable", "simd"] : [])], {
    readFile: (name) => readFile(resolve(root, name), "utf8").catch(() => null),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") binary = contents;
    },
    listFiles: () => [],
    stderr: {
      write: (chunk) => {
        messages += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      },
    },
  });
  if (error !== null || messages !== "" || binary === undefined) throw new Error(`${entry}:\n${messages}`);
  return binary;
}
