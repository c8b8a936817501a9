import { scanJson } from "../../../base/lib/json/scanJson.ts";
import { HttpError } from "./httpError.ts";

/** No route takes more than some hundred values, a few levels deep. */
const MAX_DEPTH = 32;
const MAX_VALUES = 5_000;

/**
 * The value of a JSON body. Its structure is looked at before anything is built of it, so that what is meant
 * to keep a parser or a schema busy costs one look at its bytes.
 * @throws HttpError 413 `request.json-values`; 400 `request.json-depth`, `request.json-repeated`,
 * `request.json`
 */
export function parseBody(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    checkStructure(text);
    return JSON.parse(text, (_name, value: unknown) => {
      if (typeof value === "string" && value.includes("\0")) throw new Error("NUL");
      return value;
    }) as unknown;
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(
      "request.json",
      "The body is no JSON in UTF-8, or has a NUL character in a text. Send one JSON value.",
    );
  }
}

function checkStructure(text: string): void {
  const fault = scanJson(text, { depth: MAX_DEPTH, values: MAX_VALUES });
  switch (fault?.kind) {
    case "values":
      throw new HttpError(
        "request.json-values",
        `The body has more than ${String(MAX_VALUES)} members and elements. No route takes so many: send ` +
          "records as a file, POST /v1/activities.",
      );
    case "depth":
      throw new HttpError(
        "request.json-depth",
        `The body is nested more than ${String(MAX_DEPTH)} levels deep. Send it as the document ` +
          "says: GET /docs",
      );
    case undefined:
    case "open-string":
      // The parser's to say.
      return;
    case "repeated":
      throw new HttpError(
        "request.json-repeated",
        `The body names ${JSON.stringify(fault.member.slice(0, 40))} twice in one object. Name ` +
          "each member once.",
      );
  }
}
