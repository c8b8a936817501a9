import { HttpError } from "./httpError.ts";

/** A request that breaks its schema; names the fields, never their values. */
export class SchemaError extends HttpError {
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  constructor(errors: readonly { path: string; message: string }[]) {
    const list = errors.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
    super("request.schema", `The request breaks its schema at ${list.join("; ")}.`);
    this.errors = errors.slice(0, 20);
  }
}
