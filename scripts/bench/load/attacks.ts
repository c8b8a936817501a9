import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { MIB } from "../../../src/base/lib/sizes.ts";
import { NDJSON, ROWS_PATH } from "./rows.ts";

/** Somebody at the service. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

/** A request that is sent as often as wanted. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array;
}

/** What one tenant sends to stop everybody. */
export interface Attack {
  readonly name: string;
  /** Done and made before anything is measured: a request, or what is done instead, and its answer. */
  prepare(target: Target): Promise<HostileRequest | (() => Promise<string>)>;
}

const BODY = 8 * MIB - 64;
const UNREAD_CONNECTIONS = 8;
/** Each comes to 250 bytes of answer. */
const UNREAD_ROWS = 30_000;
/** The service ends a connection a minute after its reader stopped; the rows take some time before. */
const UNREAD_SECONDS = 110;
export const BATCHES = "/v1/batches";
const UNKNOWN_BATCH = `0x${"0".repeat(64)}`;
const LOOKUP_COLUMNS = Array.from({ length: 12 }, (_, column) => `c${String(column)}`);

const filled = (text: string): string => text.repeat(Math.floor(BODY / text.length));
const keys = (count: number): string =>
  Array.from({ length: count }, (_, key) => `"k${String(key)}":1`).join();

const sent = (
  name: string,
  path: string,
  type: string,
  body: () => string | Uint8Array,
  method = "POST",
): Attack => ({
  name,
  prepare: () => Promise.resolve({ method, path, type, body: Buffer.from(body()) }),
});

/** Each was seen to hold everybody up for seconds to minutes, to fill the memory, or to end the process. */
export const ATTACKS: readonly Attack[] = [
  sent(
    "8 MB of [1,1,…] as attestations",
    `${BATCHES}/${UNKNOWN_BATCH}/mint`,
    "application/json",
    () => `{"attestations":[${filled("1,")}1]}`,
  ),
  sent("560,000 unknown members", BATCHES, "application/json", () => `{${keys(560_000)}}`),
  sent("8 MB of [[[[…", BATCHES, "application/json", () => filled("[")),
  sent(
    "a profile of 25,000 keys",
    "/v1/profiles/wide",
    "application/yaml",
    () => Array.from({ length: 25_000 }, (_, key) => `k${String(key)}: 1\n`).join(""),
    "PUT",
  ),
  sent("a profile of [[[[…", "/v1/profiles/deep", "application/yaml", () => "[".repeat(250_000), "PUT"),
  sent("8 MB of newlines", ROWS_PATH, NDJSON, () => filled("\n")),
  sent("1 GB of newlines in a gzip", ROWS_PATH, "application/gzip", () =>
    gzipSync(Buffer.alloc(1024 * MIB, "\n")),
  ),
  sent("8 MB of one-letter rows, checked", "/v1/profiles/canonical-ndjson/check", NDJSON, () =>
    filled("x\n"),
  ),
  sent("8 MB of newlines for a proposal", "/v1/profile-proposals", "text/csv", () => filled("\n")),
  sent(
    "a rule of 500,000 elements",
    "/v1/methodologies",
    "application/json",
    () => `{"schema":"microtonne-methodology/2","rule":[${"1,".repeat(500_000)}1]}`,
  ),
  sent(
    "a lookup file of 950,000 rows",
    "/v1/lookups/whole.csv",
    "application/gzip",
    () => lookupFile(950_000),
    "PUT",
  ),
  lookups("a row with ten joins on 100,000 rows", 100_000, 10),
  lookups("a row with ten joins on 8,000 rows", 8_000, 10),
  {
    name: `${String(UNREAD_CONNECTIONS)} answers of 7 MB left unread`,
    prepare: (target) => leaveUnread(target),
  },
];

/** One row whose profile joins one lookup file many times, by other columns each time. */
function lookups(name: string, rows: number, joins: number): Attack {
  return {
    name,
    async prepare({ url, token }) {
      const put = async (path: string, type: string, body: Uint8Array | string): Promise<void> => {
        const headers = { authorization: `Bearer ${token}`, "content-type": type };
        const answer = await fetch(new URL(path, url), { method: "PUT", headers, body: body as string });
        if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      };
      await put("/v1/lookups/big.csv", "application/gzip", lookupFile(rows));
      await put("/v1/profiles/joined", "application/yaml", joinedProfile(joins));
      const body = Buffer.from("r,p,t,s\n1,x,2025-06-01 08:00:00,5\n");
      return { method: "POST", path: "/v1/activities?profile=joined", type: "text/csv", body };
    },
  };
}

function lookupFile(rows: number): Uint8Array {
  const values = LOOKUP_COLUMNS.map((column) => `abcdefgh-${column}`).join(",");
  const lines = [`k,${LOOKUP_COLUMNS.join(",")}\n`];
  for (let row = 0; row < rows; row++) lines.push(`${row.toString(36)},${values}\n`);
  return gzipSync(lines.join(""));
}

function joinedProfile(joins: number): string {
  const fields = (join: number): string =>
    LOOKUP_COLUMNS.map((column) => `f${String(join)}${column}: ${column}`).join(", ");
  const lines = Array.from(
    { length: joins },
    (_, join) =>
      `  - { name: j${String(join)}, column: s, file: big.csv, key: k, fields: { ${fields(join)} } }\n`,
  );
  return `schema: microtonne-profile/1
name: joined
description: One row, many joins.
provider: { id: load-test, name: Load test }
region: WUHAN
format: { kind: csv }
joins:
${lines.join("")}recordId: { columns: [r] }
subject: { column: p, scope: deployment, required: true }
scenario: { constant: metro }
time: { format: "yyyy-MM-dd HH:mm:ss", zone: Asia/Shanghai }
start: { columns: [t] }
quantity: { column: s, unit: km, as: passenger-km }
`;
}

/** Answers that are larger than what the system holds for a connection, and that nobody reads. */
function leaveUnread({ url, token }: Target): Promise<() => Promise<string>> {
  const { hostname, port } = new URL(url);
  const body = "x\n".repeat(UNREAD_ROWS);
  const asked =
    `POST ${ROWS_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: ${NDJSON}\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
  return Promise.resolve(async () => {
    const readers = Array.from({ length: UNREAD_CONNECTIONS }, () => {
      const socket = connect(Number(port), hostname);
      const reader = { socket, head: "", read: 0, isClosed: false };
      socket.pause();
      socket.on("data", (bytes: Buffer) => {
        if (reader.read === 0) reader.head = bytes.toString("latin1", 0, 2_000);
        reader.read += bytes.length;
      });
      socket.on("error", () => undefined);
      socket.on("close", () => (reader.isClosed = true));
      socket.write(asked);
      return reader;
    });
    await sleep(UNREAD_SECONDS * 1000);
    // Who does not read does not see an end either: what the system holds still comes, and then nothing.
    for (const { socket } of readers) socket.resume();
    await sleep(5_000);
    const cut = readers.filter(
      ({ isClosed, head, read }) =>
        isClosed && read < Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0),
    );
    for (const { socket } of readers) socket.destroy();
    return `${String(cut.length)} of ${String(UNREAD_CONNECTIONS)} ended by ${String(UNREAD_SECONDS)} s`;
  });
}
