import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/doors/http/pipeline/mountUploads.ts",
    code: "true",
    line: "disableTerminationForFinishedUploads: true,",
    replacement: "false",
    reason: "A finished upload is answered before the protocol's part sees the request.",
  },
];
