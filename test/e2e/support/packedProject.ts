import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };

/** An empty project into which the packed tarball was installed. */
export interface PackedProject {
  /** The project's folder; its path is one that has to be quoted. */
  readonly folder: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  /** Runs a program of the project. */
  run(program: string, args: readonly string[]): { code: number | null; out: string; err: string };
  /** Runs an ES module of the project under Node. Returns its standard output. */
  runModule(source: string): string;
  remove(): void;
}

/** Builds and packs the package as `npm pack` does, in a folder of its own, and installs the tarball. */
export function packedProject(): PackedProject {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "microtonne-packed-")));
  const [packed, folder] = [join(place, "packed"), join(place, "a project 项目")];
  for (const pattern of [...packageJson.files, "package.json", "README.md", "LICENSE"])
    for (const file of pattern === "dist" ? [] : globSync(pattern)) {
      mkdirSync(dirname(join(packed, file)), { recursive: true });
      cpSync(file, join(packed, file), { recursive: true });
    }
  execFileSync(process.execPath, ["scripts/package/build.ts", "--write", "--to", join(packed, "dist")]);
  const [{ filename, files }] = JSON.parse(
    execFileSync("npm", ["pack", "--ignore-scripts", "--json"], { cwd: packed, encoding: "utf8" }),
  ) as [{ filename: string; files: { path: string }[] }];
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, join(packed, filename)], { cwd: folder, stdio: "pipe" });
  // The optional peers, which the package does without, as the clone has them.
  for (const peer of Object.keys(packageJson.peerDependencies))
    symlinkSync(resolve("node_modules", peer), join(folder, "node_modules", peer));
  const run: PackedProject["run"] = (program, args) => {
    const { PATH = "", HOME = "" } = process.env;
    const options = { cwd: folder, encoding: "utf8", env: { PATH, HOME } } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    return { code: status, out: stdout, err: stderr };
  };
  return {
    folder,
    files: files.map(({ path }) => path),
    run,
    runModule(source) {
      writeFileSync(join(folder, "program.mjs"), source);
      const { code, out, err } = run(process.execPath, ["program.mjs"]);
      if (code !== 0) throw new Error(err);
      return out;
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}
