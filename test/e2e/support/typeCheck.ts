import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** How a program's compiler finds types. */
export type Resolution = "nodenext" | "bundler";

/**
 * Type-checks a program in a project, libraries included. Returns what the compiler says: "" where all is
 * well.
 */
export function typeCheck(project: string, source: string, moduleResolution: Resolution): string {
  writeFileSync(join(project, "program.ts"), source);
  const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
  const compilerOptions = {
    strict: true,
    target: "es2024",
    module,
    moduleResolution,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  try {
    return execFileSync("tsc", ["-p", project], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
