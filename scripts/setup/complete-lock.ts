/**
 * `npm ci` demands that package-lock.json lists the native packages of every platform, but npm leaves out
 * those that the registry it asked does not hold. This adds them from what their parents declare, so that the
 * lock file installs everywhere.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}
interface Lock {
  packages: Record<string, LockEntry>;
}

const HELP = `Lists the native packages of all platforms in package-lock.json.

  node scripts/setup/complete-lock.ts --write   adds what is missing
  node scripts/setup/complete-lock.ts --check   fails where something is missing
`;
const FILE = new URL("../../package-lock.json", import.meta.url);
const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "aix",
  "win32",
];
const PROCESSORS: Record<string, string> = {
  amd64: "x64",
  armv7: "arm",
  "arm-eabi": "arm",
  "arm-gnueabihf": "arm",
  "arm-musleabihf": "arm",
};
const PLAIN_PROCESSORS = ["arm64", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64", "mips64el", "arm"];

/** Where the lock files a package that `parent` asks for: nested if it is there, else at the top. */
function isListed(lock: Lock, parent: string, name: string): boolean {
  return `${parent}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
}

/**
 * Platform of a native package, read from its name: `@oxlint/binding-linux-arm64-musl`. Null where the name
 * tells none.
 */
function platformOf(name: string): Pick<LockEntry, "os" | "cpu" | "libc"> | null {
  const tail = name.split("/").at(-1) ?? "";
  const os = SYSTEMS.find((system) => new RegExp(`(^|-)${system}(-|$)`).test(tail));
  if (os === undefined) return null;
  const rest = tail.slice(tail.indexOf(os) + os.length + 1);
  const alias = Object.keys(PROCESSORS).find((processor) => rest.startsWith(processor));
  const cpu =
    alias === undefined
      ? PLAIN_PROCESSORS.find((processor) => rest.startsWith(processor))
      : PROCESSORS[alias];
  if (cpu === undefined) return null;
  const libc = rest.endsWith("-musl")
    ? ["musl"]
    : os === "linux" && rest.endsWith("-gnu")
      ? ["glibc"]
      : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc }) };
}

/** Adds the missing entries to `lock`; returns their names. */
function complete(lock: Lock): string[] {
  const added: string[] = [];
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isListed(lock, parent, name)) continue;
      const platform = platformOf(name);
      if (platform === null)
        throw new Error(
          `${name}, wanted by ${parent}, is missing from package-lock.json and its name tells no platform.`,
        );
      const dev = entry.dev === true ? { dev: true } : {};
      lock.packages[`node_modules/${name}`] = { version, ...dev, optional: true, ...platform };
      added.push(`${name}@${version}`);
    }
  }
  const [root, ...others] = Object.entries(lock.packages);
  if (root !== undefined)
    lock.packages = Object.fromEntries([root, ...others.toSorted(([a], [b]) => a.localeCompare(b, "en"))]);
  return added;
}

const mode = process.argv[2];
if (mode !== "--write" && mode !== "--check") {
  process.stdout.write(HELP);
} else {
  const lock = JSON.parse(readFileSync(FILE, "utf8")) as Lock;
  const added = complete(lock);
  if (mode === "--write") writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  else if (added.length > 0) {
    process.stderr.write(
      `package-lock.json lacks ${added.join(", ")}.\nRun \`node scripts/setup/complete-lock.ts --write\`.\n`,
    );
    process.exitCode = 1;
  }
}
