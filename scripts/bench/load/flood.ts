import { parentPort, workerData } from "node:worker_threads";
import { NDJSON, ROWS_PATH, rowsText } from "./rows.ts";
import { shoot } from "./shoot.ts";

/** What the flood is to be; handed over as the worker's data. */
export interface FloodTerms {
  readonly url: string;
  readonly token: string;
  /** Told apart from every other flood's rows. */
  readonly sender: string;
  readonly connections: number;
  readonly rows: number;
  readonly seconds: number;
}
/** What came of it; posted once it is over. Before, "begun" is posted with its first answer. */
export interface FloodResult {
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** A worker, so that making and sending bodies takes nothing from those who measure. Any message ends it. */
const { url, token, sender, connections, rows, seconds } = workerData as FloodTerms;
let sent = 0;
const shooting = shoot({
  url,
  connections,
  duration: seconds,
  timeout: 60,
  requests: [
    {
      method: "POST",
      path: ROWS_PATH,
      headers: { authorization: `Bearer ${token}`, "content-type": NDJSON },
      setupRequest: (request) => ({ ...request, body: rowsText(sender, rows * sent++, rows) }),
    },
  ],
});
parentPort?.once("message", () => shooting.stop());
await shooting.begun;
parentPort?.postMessage("begun", []);
const { duration, statusCodeStats } = await shooting.result;
const statuses = Object.fromEntries(
  Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]),
);
parentPort?.postMessage({ seconds: duration, statuses } satisfies FloodResult, []);
parentPort?.close();
