import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface Site {
  readonly origin: string;
  /** What the page posts to `/report`. */
  readonly report: Promise<string>;
  close(): Promise<void>;
}

/**
 * A web site: the files of a folder, and beside them those of a map, by path, which are answered by the range
 * that is asked for.
 */
export async function startSite(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<Site> {
  const { promise: report, resolve: tell } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    report,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "", "http://localhost").pathname;
    if (path === "/report") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end();
      tell(Buffer.concat(parts).toString());
      return;
    }
    const bytes = files.get(path);
    if (bytes !== undefined) sendRange(request.headers.range, response, bytes);
    else await sendFile(response, join(folder, path));
  }
}

function sendRange(range: string | undefined, response: ServerResponse, bytes: Uint8Array): void {
  const [, last] = /^bytes=0-([0-9]+)$/.exec(range ?? "") ?? [];
  const end = Math.min(Number(last ?? bytes.length - 1), bytes.length - 1);
  const head = { "Content-Range": `bytes 0-${String(end)}/${String(bytes.length)}` };
  response.writeHead(last === undefined ? 200 : 206, last === undefined ? {} : head);
  response.end(bytes.subarray(0, end + 1));
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) response.writeHead(404).end();
  else {
    response.writeHead(200, { "Content-Type": path.endsWith(".js") ? "text/javascript" : "text/html" });
    response.end(bytes);
  }
}
