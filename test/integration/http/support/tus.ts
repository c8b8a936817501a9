import { ask, type Reply } from "./ask.ts";
import type { ServiceBench } from "./service.ts";
import { until } from "./until.ts";

export const UPLOADS = "/v1/activities/uploads";
export const PIECE = "application/offset+octet-stream";

/** `Upload-Metadata` of these members. */
export function metadataOf(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");
}

/** A client of tus 1.0, one request a call. */
export function tusOf(bench: Pick<ServiceBench, "url">, token: string) {
  const send = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Uint8Array,
  ): Promise<Reply> =>
    ask(bench.url(), {
      method,
      path,
      headers: { authorization: `Bearer ${token}`, "tus-resumable": "1.0.0", ...headers },
      body,
    });
  return {
    begin: (size: number, metadata: Readonly<Record<string, string>>): Promise<Reply> =>
      send("POST", UPLOADS, { "upload-length": String(size), "upload-metadata": metadataOf(metadata) }),
    beginWith: (headers: Record<string, string>, body?: string | Uint8Array): Promise<Reply> =>
      send("POST", UPLOADS, headers, body),
    head: (path: string): Promise<Reply> => send("HEAD", path, {}),
    patch: (
      path: string,
      offset: number,
      bytes: string | Uint8Array,
      headers: Record<string, string> = {},
    ): Promise<Reply> =>
      send("PATCH", path, { "upload-offset": String(offset), "content-type": PIECE, ...headers }, bytes),
  };
}

export interface UploadShown {
  readonly uploadId: string;
  readonly state: string;
  readonly report: Readonly<Record<string, unknown>> | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/** An upload once it has been read. */
export function readUpload(bench: ServiceBench, token: string, upload: string): Promise<UploadShown> {
  return until(
    `the end of upload ${upload}`,
    async () => {
      const shown = await bench.json<UploadShown>("getUpload", 200, { token, params: { upload } });
      return (shown.state === "done" || shown.state === "failed") && shown;
    },
    120,
  );
}
