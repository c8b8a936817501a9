import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { FloodResult, FloodTerms } from "./flood.ts";
import { NDJSON, ROWS_PATH, rowsText } from "./rows.ts";

const UPLOADS = "/v1/activities/uploads";
const PATIENCE_MILLISECONDS = 300_000;

/** One tenant's calls. @throws Error for an answer that is no 2xx */
export class Client {
  readonly #url: string;
  readonly #token: string;
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async call(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Response> {
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${String(response.status)}: ${await response.text()}`);
    return response;
  }

  async post(path: string, terms: object): Promise<unknown> {
    return (
      await this.call("POST", path, { "content-type": "application/json" }, JSON.stringify(terms))
    ).json();
  }

  /** Asks until it is so. */
  async until(path: string, ready: (found: { state: string }) => boolean): Promise<unknown> {
    for (const giveUpAt = Date.now() + PATIENCE_MILLISECONDS; Date.now() < giveUpAt; await sleep(300)) {
      const found = (await (await this.call("GET", path)).json()) as { state: string };
      if (found.state === "failed") throw new Error(`${path} failed: ${JSON.stringify(found)}`);
      if (ready(found)) return found;
    }
    throw new Error(`${path} took too long.`);
  }
}

/** Sends rows in bodies of 5,000. */
export async function sendRows(client: Client, sender: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += 5_000) {
    await client.call(
      "POST",
      ROWS_PATH,
      { "content-type": NDJSON },
      rowsText(sender, first, Math.min(5_000, count - first)),
    );
  }
}

/** Closes all that is open into a batch and mints it. */
export async function closeAndMint(client: Client): Promise<void> {
  const done = ({ state }: { state: string }): boolean => state === "done";
  const close = (await client.post("/v1/batches", { region: "WUHAN", vintage: 2025 })) as {
    operationId: string;
  };
  const closed = (await client.until(`/v1/operations/${close.operationId}`, done)) as {
    result: { batchId: string };
  };
  const mint = (await client.post(`/v1/batches/${closed.result.batchId}/mint`, {})) as {
    operationId: string;
  };
  await client.until(`/v1/operations/${mint.operationId}`, done);
}

/** Uploads a file of rows by tus; returns once the last byte is there. `read` ends when its rows are read. */
export async function upload(
  client: Client,
  sender: string,
  rows: number,
): Promise<{ read: Promise<unknown> }> {
  const text = rowsText(sender, 0, rows);
  const tus = { "tus-resumable": "1.0.0" };
  const metadata = Object.entries({
    filename: "rows.ndjson",
    profile: "canonical-ndjson",
    provider: "load-test",
  });
  const begun = await client.call("POST", UPLOADS, {
    ...tus,
    "upload-length": String(Buffer.byteLength(text)),
    "upload-metadata": metadata
      .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
      .join(","),
  });
  const location = begun.headers.get("location") ?? "";
  await client.call(
    "PATCH",
    location,
    { ...tus, "upload-offset": "0", "content-type": "application/offset+octet-stream" },
    text,
  );
  return {
    read: client.until(`${UPLOADS}/${location.split("/").at(-1) ?? ""}`, ({ state }) => state === "done"),
  };
}

/**
 * Posts rows as fast as the service lets, from a thread of its own. Returns once the first of them are
 * answered.
 */
export async function startFlood(terms: FloodTerms): Promise<{ end(): Promise<FloodResult> }> {
  const worker = new Worker(new URL("flood.ts", import.meta.url), { workerData: terms });
  const [begun] = (await once(worker, "message")) as unknown[];
  if (begun !== "begun") throw new Error("The flood ended before it began.");
  const result = once(worker, "message");
  return {
    async end() {
      worker.postMessage("stop", []);
      const [figures] = (await result) as [FloodResult];
      return figures;
    },
  };
}
