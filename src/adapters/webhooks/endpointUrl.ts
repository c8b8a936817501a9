import { isIP } from "node:net";
import { InputError } from "../../base/errors/errors.ts";

const MAX_URL_CHARACTERS = 2_048;
/**
 * Ports below this one belong to other protocols (mail, remote shells), which a request may be made to speak
 * with.
 */
const FIRST_FREE_PORT = 1_024;
const HTTPS_PORT = 443;

/**
 * The URL of a webhook's receiver, where it may be one: https, a name and not an address, port 443 or from
 * 1024 on, no user or password, no fragment. Which address the name leads to is looked at when the connection
 * is made, not here. What stands in `allow` as `host:port` may also be an address, a local name, or http.
 * @throws InputError `webhook.url`, `webhook.url-scheme`, `webhook.url-credentials`, `webhook.url-port`,
 * `webhook.url-address`; the URL is not repeated, as it may hold a secret
 */
export function endpointUrl(text: string, allow: readonly string[]): URL {
  const url = text.length <= MAX_URL_CHARACTERS ? URL.parse(text) : null;
  if (url === null || url.hostname === "") {
    throw new InputError(
      "webhook.url",
      `A webhook needs an absolute URL of at most ${String(MAX_URL_CHARACTERS)} characters, such as ` +
        "https://example.com/hook.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new InputError(
      "webhook.url-credentials",
      "The URL of a webhook may hold no user name or password. The signature is how a receiver tells " +
        "who calls.",
    );
  }
  if (url.hash !== "")
    throw new InputError(
      "webhook.url",
      "The URL of a webhook may hold no fragment (#…): it would never be sent.",
    );
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new InputError("webhook.url-scheme", "The URL of a webhook must begin with https://.");
  }
  const port = url.port === "" ? (url.protocol === "https:" ? HTTPS_PORT : 80) : Number(url.port);
  if (isAllowed(url, allow)) return url;
  if (url.protocol !== "https:")
    throw new InputError("webhook.url-scheme", "The URL of a webhook must begin with https://.");
  if (isIP(url.hostname.replaceAll(/[[\]]/g, "")) !== 0 || /(?:^|\.)localhost\.?$/.test(url.hostname)) {
    throw new InputError(
      "webhook.url-address",
      "The URL of a webhook must name a public host; addresses and local names are refused.",
    );
  }
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT) {
    throw new InputError(
      "webhook.url-port",
      `The port of a webhook must be ${String(HTTPS_PORT)}, or ${String(FIRST_FREE_PORT)} or higher.`,
    );
  }
  return url;
}

/** Whether the operator has opened exactly this host and port. */
export function isAllowed(url: URL, allow: readonly string[]): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return allow.includes(`${url.hostname}:${port}`);
}
