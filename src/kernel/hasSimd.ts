import { fromBase64 } from "./fromBase64.ts";
import { webAssembly } from "./webAssembly.ts";

/** A module of one function `() -> v128`: `i32.const 0, i8x16.splat`, in base64. */
const PROBE = "AGFzbQEAAAABBQFgAAF7AwIBAAoIAQYAQQD9Dws=";

/**
 * Whether this engine has WebAssembly's 128-bit vectors (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 and
 * later).
 */
export function hasSimd(): boolean {
  return webAssembly.validate(fromBase64(PROBE));
}
