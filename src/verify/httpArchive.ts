import { CheckFailedError, InputError, UnavailableError, UsageError } from "../base/errors/errors.ts";
import { concatBytes } from "../base/lib/bytes.ts";
import { MAX_MANIFEST_BYTES } from "../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../format/archive/readArchive.ts";
import { DIGITS_18, PRINTABLE_ASCII } from "../base/lib/textPatterns.ts";

/** What has been asked for and come in so far. */
export interface Traffic {
  readonly requests: number;
  /** Of bodies, as they were read. */
  readonly bytes: number;
}

/** How a server is asked. */
export interface HttpArchiveOptions {
  /** Value of the Authorization header, where the server wants one; sent over https, or to this machine. */
  readonly authorization?: string;
  /** Milliseconds that one file may take. */
  readonly timeoutMilliseconds?: number;
  /** Milliseconds before a server that is busy is asked again, doubled each time. */
  readonly pauseMilliseconds?: number;
}

const TIMEOUT_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 250;
const MAX_ATTEMPTS = 5;
/** A server may ask us to wait, but not for long. */
const MAX_WAIT_SECONDS = 60;

/**
 * An archive that a web server holds, any server of static files or the service's own route. Each file is
 * asked for by a range as long as the file must be, so that no more comes in than belongs to it, whatever the
 * server sends. Nothing that comes is trusted here: whoever reads an archive checks it. Redirects are never
 * followed. Works in browsers and in Node.
 */
export class HttpArchive implements ArchiveSource {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeout: number;
  readonly #pause: number;
  readonly #closed = new AbortController();
  #requests = 0;
  #bytes = 0;

  /**
   * @param address where the archive's files begin: `<address>/manifest.json` is there
   * @throws UsageError `archive.address`; `archive.authorization` where that is no text of a header, which is
   * not repeated, or would be sent where others can read it
   */
  constructor(address: string, options: HttpArchiveOptions = {}) {
    if (options.authorization !== undefined && !PRINTABLE_ASCII.test(options.authorization))
      throw new UsageError("archive.authorization", "The authorization has other than plain characters.");
    this.#base = baseOf(address);
    if (options.authorization !== undefined && !isPrivate(this.#base))
      throw new UsageError(
        "archive.authorization",
        "A key is sent over https alone, or to this machine itself: on the way anybody could read it.",
      );
    this.#headers = options.authorization === undefined ? {} : { Authorization: options.authorization };
    this.#timeout = options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
    this.#pause = options.pauseMilliseconds ?? PAUSE_MILLISECONDS;
  }

  get traffic(): Traffic {
    return { requests: this.#requests, bytes: this.#bytes };
  }

  /**
   * Breaks off what is still asked for, waits for a busy server among them: whoever has his answer, or a
   * fault, need not wait for what was read ahead. Nothing can be read afterwards.
   */
  close(): void {
    this.#closed.abort();
  }

  /**
   * At most `length` bytes of a file; where the server says that there are more, or sends more, that is an
   * error.
   * @throws InputError `archive.missing`, `archive.http` for an answer that is none; CheckFailedError
   * `archive.length`; UnavailableError `archive.unavailable`
   */
  async read(path: string, length = MAX_MANIFEST_BYTES): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#ask(path, length);
      if (outcome instanceof Uint8Array) return outcome;
      if (attempt === MAX_ATTEMPTS)
        throw new UnavailableError("archive.unavailable", `${this.#base}${path}: ${outcome.sentence}`, {
          cause: outcome.cause,
        });
      await sleep(outcome.waitMilliseconds ?? this.#pause * 2 ** (attempt - 1), this.#closed.signal);
    }
  }

  /** One request. A failure that may pass is returned, others are thrown. */
  async #ask(path: string, length: number): Promise<Uint8Array | Passing> {
    const address = `${this.#base}${path}`;
    // Ends a body that never ends, and one that is longer than it may be.
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(new Error("It took too long.")), this.#timeout);
    this.#requests += 1;
    try {
      const response = await fetch(address, {
        // With a range, fetch itself asks for bytes that are not compressed.
        headers: { ...this.#headers, Range: `bytes=0-${String(length - 1)}` },
        redirect: "manual",
        credentials: "omit",
        signal: AbortSignal.any([ending.signal, this.#closed.signal]),
      });
      const busy = busyOf(response);
      if (busy !== null) return busy;
      const expected = expectedBytes(response, address, length);
      const bytes = await this.#body(response, address, Math.min(length, expected ?? length));
      if (expected !== null && bytes.length !== expected)
        throw notAFile(address, `announced ${String(expected)} bytes and sent ${String(bytes.length)}`);
      return bytes;
    } catch (cause) {
      if (cause instanceof InputError || cause instanceof CheckFailedError) throw cause;
      if (this.#closed.signal.aborted)
        throw new UnavailableError("archive.unavailable", `${address} is not read any more.`, { cause });
      if (ending.signal.aborted)
        throw new UnavailableError("archive.unavailable", `${address} took too long to come in.`, { cause });
      return { sentence: "The server can't be reached, or broke off. Try again later.", cause };
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  }

  async #body(response: Response, address: string, most: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    if (response.body === null) return new Uint8Array();
    // Not every browser lets a stream be iterated.
    const reader = response.body.getReader() as BodyReader;
    for (let part = await reader.read(); part.value !== undefined; part = await reader.read()) {
      bytes += part.value.length;
      this.#bytes += part.value.length;
      if (bytes > most) throw tooLong(address, most);
      parts.push(part.value);
    }
    return concatBytes(...parts);
  }
}

interface BodyReader {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
}

/** A failure that may be over at the next attempt. */
interface Passing {
  readonly sentence: string;
  readonly cause?: unknown;
  /** Where the server says how long. */
  readonly waitMilliseconds?: number;
}

function busyOf({ status, headers }: Response): Passing | null {
  if (status !== 429 && status < 500) return null;
  const sentence = `The server answers ${String(status)}. Try again later.`;
  const seconds = headers.get("Retry-After") ?? "";
  if (!/^[0-9]{1,9}$/.test(seconds)) return { sentence };
  return { sentence, waitMilliseconds: 1000 * Math.min(Number(seconds), MAX_WAIT_SECONDS) };
}

/**
 * How many bytes the body has by the answer's head; null where it does not say. A server may know no ranges
 * and answer 200 with the whole file.
 */
function expectedBytes({ status, type, headers }: Response, address: string, length: number): number | null {
  if (status === 206) return rangeBytes(headers.get("Content-Range") ?? "", address, length);
  if (status === 200) {
    const announced = headers.get("Content-Length");
    if (announced === null || headers.has("Content-Encoding")) return null;
    if (!DIGITS_18.test(announced)) throw notAFile(address, "does not say how long the file is");
    if (Number(announced) > length) throw tooLong(address, length);
    return Number(announced);
  }
  if (status === 404 || status === 410)
    throw new InputError("archive.missing", `The server has no file at ${address}.`);
  // An empty file has no first byte.
  if (status === 416) throw new CheckFailedError("archive.length", `${address} is empty.`);
  if (type === "opaqueredirect" || (status >= 300 && status < 400))
    throw notAFile(address, "sends us to another address, where we don't go; give the right one");
  if (status === 401 || status === 403)
    throw notAFile(address, `answers ${String(status)}: it wants a key, or another one`);
  throw notAFile(address, `answers ${String(status)}`);
}

/** The length of a range that begins at 0, ends within what was asked for and is all of the file. */
function rangeBytes(header: string, address: string, length: number): number {
  const [, first, last, total] = /^bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15}|\*)$/.exec(header) ?? [];
  const bytes = Number(last) + 1;
  if (first !== "0" || total === undefined || bytes > length)
    throw notAFile(address, `sends another range than bytes 0 to ${String(length - 1)}`);
  if (total !== "*" && Number(total) > length) throw tooLong(address, length);
  if (total !== "*" && Number(total) !== bytes)
    throw notAFile(address, `sends ${String(bytes)} of ${total} bytes`);
  return bytes;
}

function tooLong(address: string, length: number): CheckFailedError {
  return new CheckFailedError(
    "archive.length",
    `${address} has more than the ${String(length)} bytes it may.`,
  );
}

function notAFile(address: string, what: string): InputError {
  return new InputError("archive.http", `The server of ${address} ${what}.`);
}

/** With a slash at its end. */
function baseOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (!plain || url.username !== "" || url.password !== "")
    throw new UsageError(
      "archive.address",
      "An archive's address is like https://example.org/archives/3f2a…: http or https, without a query " +
        "or a password.",
    );
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/** Whether what is sent to an address can be read on the way by nobody. */
function isPrivate(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

/** Ends early where `ended` is aborted. */
function sleep(milliseconds: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      ended.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    ended.addEventListener("abort", done);
    if (ended.aborted) done();
  });
}
