import { hasSimd } from "./hasSimd.ts";
import { SCALAR_WASM, SIMD_WASM } from "./wasm.generated.ts";
import { webAssembly } from "./webAssembly.ts";

/** What `assembly/index.ts` exports; lengths are bytes. Faults: see there. */
export interface KernelExports {
  keccakEach(length: number, count: number): void;
  leafNodes(count: number): number;
  parentNodes(count: number): number;
  streamBlocks(blocks: number): void;
  streamEnd(length: number): void;
  hmacKey(): void;
  hmacEach(length: number, count: number): void;
}

type Numbers = Readonly<Record<"INPUT" | "INPUT_BYTES" | "OUTPUT" | "OUTPUT_BYTES" | "KEY_STATE" | "STREAM_STATE", { value: number }>>;

/** The part of the memory that belongs to functions of this folder, and of no others. */
export interface KernelWindow {
  /** Messages or leaves. */
  readonly input: Uint8Array;
  /** Hashes or nodes. */
  readonly output: Uint8Array;
  /** 200 bytes. */
  readonly streamState: Uint8Array;
  /** 64 bytes. */
  readonly keyState: Uint8Array;
}

/**
 * An instance of the hashing kernel: WebAssembly with about 0.9 MB of memory, which never grows. Everything on it is
 * synchronous, so that any number of callers on one thread share it. Compiling it takes a few milliseconds; browsers
 * let a page's main thread compile modules of this size (12 kB).
 */
export class Kernel {
  /** Whether two messages are hashed at a time. */
  readonly simd: boolean;
  readonly wasm: KernelExports;
  readonly window: KernelWindow;

  /** `simd`: false for the build without vectors; true fails where the engine has none. Default: what it has. */
  constructor({ simd = hasSimd() }: { readonly simd?: boolean } = {}) {
    const bytes = Uint8Array.from(atob(simd ? SIMD_WASM : SCALAR_WASM), (char) => char.charCodeAt(0));
    const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes));
    const wasm = exports as KernelExports & Numbers & { readonly memory: { readonly buffer: ArrayBuffer } };
    const view = (at: keyof Numbers, length: number): Uint8Array => new Uint8Array(wasm.memory.buffer, wasm[at].value, length);
    this.simd = simd;
    this.wasm = wasm;
    this.window = {
      input: view("INPUT", wasm.INPUT_BYTES.value),
      output: view("OUTPUT", wasm.OUTPUT_BYTES.value),
      streamState: view("STREAM_STATE", 200),
      keyState: view("KEY_STATE", 64),
    };
  }
}
