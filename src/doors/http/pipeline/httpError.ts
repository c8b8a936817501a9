import { MicrotonneError } from "../../../base/errors/errors.ts";

/**
 * A refusal that only this door knows: who calls, how often, in which form. `statusOf` has its status by its
 * code.
 */
export class HttpError extends MicrotonneError {
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.headers = headers;
  }
}

/** A refusal of the protocol of uploads, with the status that the protocol gives it. */
export class TusError extends HttpError {
  readonly status: number;
  constructor(status: number, message: string, headers: Readonly<Record<string, string>>) {
    super("upload.protocol", message, headers);
    this.status = status;
  }
}
