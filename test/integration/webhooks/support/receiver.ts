import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

/** A request as it came in. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on loopback. */
export interface Receiver {
  readonly server: Server;
  /** `127.0.0.1:port`, as an allow list has it. */
  readonly host: string;
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** Starts a receiver that answers with `answer`, by default 204. */
export async function startReceiver(
  answer: (response: ServerResponse, request: IncomingMessage) => void = (response) =>
    void response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      answer(response, request);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    server,
    host,
    url: `http://${host}/hook`,
    received,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What a receiver's own library makes of a request: the message. @throws WebhookVerificationError */
export function verified(secret: string, { headers, body }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

/** The signature that a secret makes for a request, whatever its time. */
export function signatureOf(secret: string, { headers, body }: Received): string {
  return new Webhook(secret).sign(
    String(headers["webhook-id"]),
    new Date(Number(headers["webhook-timestamp"]) * 1000),
    body,
  );
}
