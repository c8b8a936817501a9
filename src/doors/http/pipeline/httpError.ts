import { MicrotonneError } from "../../../base/errors/errors.ts";

/** A refusal that only this door knows: who calls, how often, in which form. */
export class HttpError extends MicrotonneError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.status = status;
    this.headers = headers;
  }
}
