import type { Result } from "autocannon";
import { NDJSON, ROWS_PATH, rowsText } from "./rows.ts";
import { shoot, type Shooting } from "./shoot.ts";

/** What the quiet tenant does. */
export const PROBES = ["read", "write", "health"] as const;
export type Probe = (typeof PROBES)[number];

/** Milliseconds, and requests that were not answered with 2xx. */
export interface Waits {
  readonly p50: number;
  readonly p97_5: number;
  readonly p99: number;
  readonly max: number;
  readonly answered: number;
  readonly errors: number;
}

/** Requests a second; with five keys this stays well below what a key may by default. */
const RATES: Readonly<Record<Probe, number>> = { read: 40, write: 10, health: 20 };
const WRITE_ROWS = 10;
let written = 0;

/**
 * The quiet tenant at work, at the same rate whatever else goes on: it looks at its batches, sends ten rows,
 * asks whether the service is up. Ends after `seconds`, or when `until` does.
 */
export async function probe(
  url: string,
  tokens: readonly string[],
  { seconds, until }: { readonly seconds: number; readonly until?: Promise<unknown> },
): Promise<Record<Probe, Waits>> {
  let turn = 0;
  const authorization = (): string => `Bearer ${tokens[turn++ % tokens.length] ?? ""}`;
  const common = { url, duration: seconds, timeout: 60 };
  const shootings: Record<Probe, Shooting> = {
    read: shoot({
      ...common,
      connections: 4,
      overallRate: RATES.read,
      requests: [
        {
          method: "GET",
          path: "/v1/batches",
          setupRequest: (request) => ({ ...request, headers: { authorization: authorization() } }),
        },
      ],
    }),
    write: shoot({
      ...common,
      connections: 2,
      overallRate: RATES.write,
      requests: [
        {
          method: "POST",
          path: ROWS_PATH,
          setupRequest: (request) => ({
            ...request,
            headers: { authorization: authorization(), "content-type": NDJSON },
            body: rowsText("quiet", WRITE_ROWS * written++, WRITE_ROWS),
          }),
        },
      ],
    }),
    health: shoot({
      ...common,
      connections: 2,
      overallRate: RATES.health,
      requests: [{ method: "GET", path: "/healthz" }],
    }),
  };
  const stop = (): void => PROBES.forEach((name) => shootings[name].stop());
  until?.then(stop, stop);
  const [read, write, health] = await Promise.all(PROBES.map((name) => shootings[name].result.then(waitsOf)));
  return { read, write, health } as Record<Probe, Waits>;
}

function waitsOf({ latency, errors, non2xx, duration, ...result }: Result): Waits {
  // Who got no answer at all has waited for as long as was measured, at least.
  const whole = 1000 * duration;
  if (result["2xx"] === 0)
    return { p50: whole, p97_5: whole, p99: whole, max: whole, answered: 0, errors: errors + non2xx };
  const { p50, p97_5, p99, max } = latency;
  return { p50, p97_5, p99, max, answered: result["2xx"], errors: errors + non2xx };
}
