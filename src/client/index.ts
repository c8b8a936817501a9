import { defaults } from "./client.generated.ts";

/**
 * The typed client of the HTTP service: a function an operation, whose answer's `status` tells which `data`
 * it has.
 */
export * from "./client.generated.ts";

/**
 * Says where the service is and with which key its functions call it.
 * @param baseUrl e.g. https://carbon.example.org
 * @param token `mt_…`
 */
export function connect(baseUrl: string, token: string): void {
  defaults.baseUrl = baseUrl.replace(/\/$/, "");
  defaults.headers = { Authorization: `Bearer ${token}` };
}
