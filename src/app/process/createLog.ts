import { destination, pino, type Logger } from "pino";

/** What may never be written, wherever it stands in a logged object. */
const SECRET_FIELDS = [
  "privateKey",
  "operatorKey",
  "signers",
  "verifierKey",
  "databaseUrl",
  "rpcUrl",
  "raw",
  "identifier",
  "subject",
  "subjectKey",
  "salt",
  "fileSalt",
  "seed",
  "password",
  "authorization",
];

/**
 * Structured logs, one JSON object a line, on standard error; secret and personal fields are replaced by
 * "[redacted]" down to three levels.
 */
export function createLog(level: string): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    { level, redact: { paths, censor: "[redacted]" }, base: null },
    destination({ dest: 2, sync: true }),
  );
}
