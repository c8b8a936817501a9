import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What to do with one call: pass it on and answer, pass it on and cut the connection, or one of the others.
 */
export type Treatment = "pass" | "cut-request" | "cut-response" | "twice";

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/**
 * Stands between client and node. `treat` is asked about each call before it is passed on; `answered` hears
 * of it after the node took it.
 */
export async function startRpcProxy(
  target: string,
  treat: (method: string) => Treatment,
  answered: (method: string) => void = () => undefined,
): Promise<{ rpcUrl: string; stop(): Promise<void> }> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const { method } = JSON.parse(body) as { method: string };
    const treatment = treat(method);
    if (treatment === "cut-request") return void request.socket.destroy();
    const pass = async (): Promise<string> =>
      (await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body })).text();
    let answer = await pass();
    if (treatment === "twice") answer = await pass();
    answered(method);
    if (treatment === "cut-response") return void request.socket.destroy();
    response.writeHead(200, { "content-type": "application/json" }).end(answer);
  };
  const server = createServer(
    (request, response) => void handle(request, response).catch(() => request.socket.destroy()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    rpcUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
