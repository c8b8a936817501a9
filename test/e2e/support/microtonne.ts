import { spawn } from "node:child_process";

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a user runs it: a process of its own, in an environment without other settings. */
export function microtonne(
  args: readonly string[],
  input?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, ["src/doors/cli/main.ts", ...args], {
      env: { PATH, HOME, ...settings },
      stdio: "pipe",
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.end(input ?? "");
  });
}
