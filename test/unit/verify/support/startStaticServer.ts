import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Files = ReadonlyMap<string, Uint8Array>;
/** Answers in the server's place where it returns true. */
export type Prank = (request: IncomingMessage, response: ServerResponse, file: Uint8Array) => boolean;

export interface StaticServer {
  /** Of the archive: `/some/archive`. */
  readonly url: string;
  /** Paths in the archive, in the order in which they were asked for. */
  readonly asked: string[];
  /** The answers are the server's own without it. */
  prank: Prank | null;
  close(): Promise<void>;
}

/** A web server as there are many: files under `/some/archive`, whole or by a range. */
export async function startStaticServer(files: Files, ranges = true): Promise<StaticServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/some/archive/", "");
    asked.push(path);
    const file = files.get(path);
    if (state.prank?.(request, response, file ?? new Uint8Array())) return;
    if (file === undefined) {
      response.writeHead(404).end("not here");
      return;
    }
    const [, first, last] = /^bytes=([0-9]+)-([0-9]+)$/.exec(request.headers.range ?? "") ?? [];
    if (!ranges || first === undefined) {
      response.writeHead(200, { "Content-Length": file.length }).end(file);
      return;
    }
    const end = Math.min(Number(last), file.length - 1);
    const head = { "Content-Range": `bytes ${first}-${String(end)}/${String(file.length)}` };
    response.writeHead(206, head).end(file.subarray(Number(first), end + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const state: StaticServer = {
    url: `http://127.0.0.1:${String(port)}/some/archive`,
    asked,
    prank: null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}
