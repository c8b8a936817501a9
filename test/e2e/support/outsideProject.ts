import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { typeCheck, type Resolution } from "./typeCheck.ts";

/** An empty project elsewhere, with this package linked into it as it is published. */
export interface OutsideProject {
  /** The folder of what was built. */
  readonly dist: string;
  /** Runs an ES module of the project under Node. Returns its standard output. */
  run(source: string): string;
  /** Type-checks a program, libraries included. Returns what the compiler says: "" where all is well. */
  typeCheck(source: string, moduleResolution: Resolution): string;
  remove(): void;
}

/** Builds into a temporary folder and links that, not the clone: only `dist` and `package.json` are there. */
export function outsideProject(): OutsideProject {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-outside-"));
  const [built, project] = [join(folder, "microtonne"), join(folder, "project")];
  const dist = join(built, "dist");
  mkdirSync(built);
  mkdirSync(join(project, "node_modules"), { recursive: true });
  execFileSync(process.execPath, ["scripts/package/build.ts", "--write", "--to", dist]);
  copyFileSync("package.json", join(built, "package.json"));
  symlinkSync(resolve("node_modules"), join(built, "node_modules"));
  symlinkSync(built, join(project, "node_modules", "microtonne"));
  symlinkSync(resolve("node_modules/viem"), join(project, "node_modules", "viem"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return {
    dist,
    run(source) {
      writeFileSync(join(project, "program.mjs"), source);
      return execFileSync(process.execPath, ["program.mjs"], {
        cwd: project,
        encoding: "utf8",
        stdio: "pipe",
      });
    },
    typeCheck: (source, moduleResolution) => typeCheck(project, source, moduleResolution),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
