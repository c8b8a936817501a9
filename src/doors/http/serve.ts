import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { authenticator } from "../../app/apiKeys/authenticator.ts";
import type { Context } from "../../app/context.ts";
import { openService } from "../../app/service/openService.ts";
import { UnavailableError } from "../../base/errors/errors.ts";
import { answerBroken, refuseExpectation } from "./pipeline/answerBroken.ts";
import { endSlowReaders } from "./pipeline/endSlowReaders.ts";
import { httpApp } from "./httpApp.ts";

export interface ServeOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** False: jobs are left to other processes (`microtonne work`), which needs a Postgres server. */
  readonly jobs: boolean;
}

/** A service that listens. */
export interface Serving {
  /** E.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** Takes no new requests, answers those under way, lets running jobs end. The context stays open. */
  stop(): Promise<void>;
}

/**
 * A request's head must be there in 10 s, looked after every 2 s. A body may take its time, as pieces of
 * uploads do; what is cut off can be taken up.
 */
const HEAD_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 2_000;
const BODY_MILLISECONDS = 1_800_000;
const GRACE_MILLISECONDS = 10_000;
const SWEEP_MILLISECONDS = 50;

/** Starts the HTTP service on a context. @throws UnavailableError `http.listen` */
export async function serve(context: Context, { host, port, jobs }: ServeOptions): Promise<Serving> {
  const { authenticate, forget } = authenticator(context);
  const stopping = new AbortController();
  const service = await openService(context, { jobs, forgetKey: forget });
  const server = createServer(
    {
      headersTimeout: HEAD_MILLISECONDS,
      requestTimeout: BODY_MILLISECONDS,
      connectionsCheckingInterval: LOOK_MILLISECONDS,
      keepAliveTimeout: 30_000,
      // Said by a route's own refusal instead.
      requireHostHeader: false,
    },
    httpApp(service, authenticate, stopping.signal),
  );
  const stopWatching = endSlowReaders(server);
  server.on("clientError", answerBroken);
  server.on("checkExpectation", refuseExpectation);
  try {
    await listen(server, host, port);
  } catch (cause) {
    stopWatching();
    await service.stop();
    throw new UnavailableError(
      "http.listen",
      `The service can't listen at ${host}:${String(port)}. Is the port taken?`,
      { cause },
    );
  }
  const { address, port: bound, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${String(bound)}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      // Streams of events never end by themselves.
      stopping.abort();
      // A connection that was busy is idle once it has been answered, and its client may keep it.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MILLISECONDS);
      const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS);
      await closed;
      clearInterval(sweep);
      stopWatching();
      clearTimeout(impatience);
      await service.stop();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
