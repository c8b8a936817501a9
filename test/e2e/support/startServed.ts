import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ask, jsonIn, type Asked, type Reply } from "../../integration/http/support/ask.ts";
import { killIfThere } from "./chainNodes.ts";
import { environmentOf, MAIN } from "./commandLine.ts";
import type { Place } from "./newPlace.ts";

/** `microtonne serve` as a real process, in a process group of its own. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  /** The first key, where one was made. */
  readonly key: string | null;
  /** All that it has written to standard error. */
  log(): string;
  ask(token: string, asked: Asked): Promise<Reply>;
  json<T>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** Exit code, or null where a signal ended it. */
  readonly ending: Promise<number | null>;
}

/** Starts the service on a data folder, on any free port. @throws where it does not come to listen */
export async function startServed(
  { folder, settings }: Pick<Place, "folder" | "settings">,
  more: Readonly<Record<string, string>> = {},
): Promise<Served> {
  // A limit on the size of files is told by a signal that would end the process; then writing fails instead.
  const shell = ["-c", `trap '' XFSZ; exec "$0" "$@"`, process.execPath];
  const child = spawn("sh", [...shell, MAIN, "--json", "--data", folder, "serve", "--port", "0"], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentOf({ ...settings, ...more }),
  });
  let log = "";
  child.stderr.on("data", (bytes: Buffer) => (log += bytes.toString("utf8")));
  const ending = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([new Promise<string>((resolve) => lines.once("line", resolve)), ending]);
  if (typeof first !== "string") throw new Error(`The service ended with ${String(first)}: ${log}`);
  const { url, key = null } = JSON.parse(first) as { url: string; key?: string };
  return {
    url,
    pid: child.pid ?? 0,
    key,
    log: () => log,
    ending,
    ask: (token, { headers, ...asked }) =>
      ask(url, { ...asked, headers: { authorization: `Bearer ${token}`, ...headers } }),
    async json<T>(
      token: string,
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) {
      const sent = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      };
      const reply = await ask(url, {
        method,
        path,
        headers: sent,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (reply.status >= 400) throw new Error(`${method} ${path}: ${reply.bytes.toString("utf8")}`);
      return jsonIn(reply) as T;
    },
    signal(name) {
      if (name === "SIGKILL") killIfThere(-(child.pid ?? 0));
      else child.kill(name);
    },
  };
}
