import { webAssembly } from "./webAssembly.ts";

/** A module of one function `() -> v128`: `i32.const 0, i8x16.splat`. */
const PROBE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

/** Whether this engine has WebAssembly's 128-bit vectors (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 and later). */
export function hasSimd(): boolean {
  return webAssembly.validate(Uint8Array.from(PROBE));
}
