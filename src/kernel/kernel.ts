import { fromBase64 } from "./fromBase64.ts";
import { hasSimd } from "./hasSimd.ts";
import { SCALAR_WASM, SIMD_WASM } from "./wasm.generated.ts";
import { webAssembly } from "./webAssembly.ts";

/** What `assembly/index.ts` exports; lengths are bytes. Faults: see there. */
export interface KernelExports {
  keccakEach(length: number, count: number): void;
  keccakPadded(blocks: number, count: number): void;
  leafNodes(count: number): number;
  parentNodes(count: number): number;
  streamBlocks(blocks: number): void;
  streamEnd(length: number): void;
  hmacKey(): void;
  hmacEach(length: number, count: number): void;
  hmacEachKeyed(length: number, count: number): void;
}

interface Constant {
  readonly value: number;
}

/** Where the parts of the memory begin, and how long the two large ones are. */
interface KernelMemory {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly INPUT: Constant;
  readonly INPUT_BYTES: Constant;
  readonly OUTPUT: Constant;
  readonly OUTPUT_BYTES: Constant;
  readonly STREAM_STATE: Constant;
  readonly KEY_STATE: Constant;
}

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
 * An instance of the hashing kernel: WebAssembly with about 0.9 MB of memory, which never grows. Everything
 * on it is synchronous, so that any number of callers on one thread share it. Compiling it takes a few
 * milliseconds; browsers let a page's main thread compile modules of this size (12 kB).
 */
export class Kernel {
  /** Whether three messages of an array are hashed at a time, two of them in vectors. */
  readonly simd: boolean;
  readonly wasm: KernelExports;
  readonly window: KernelWindow;

  /**
   * `simd`: false for the build without vectors; true fails where the engine has none. Default: what it has.
   */
  constructor({ simd = hasSimd() }: { readonly simd?: boolean } = {}) {
    const module = new webAssembly.Module(fromBase64(simd ? SIMD_WASM : SCALAR_WASM));
    const wasm = new webAssembly.Instance(module).exports as KernelExports & KernelMemory;
    const view = (at: Constant, length: number): Uint8Array => {
      return new Uint8Array(wasm.memory.buffer, at.value, length);
    };
    this.simd = simd;
    this.wasm = wasm;
    this.window = {
      input: view(wasm.INPUT, wasm.INPUT_BYTES.value),
      output: view(wasm.OUTPUT, wasm.OUTPUT_BYTES.value),
      streamState: view(wasm.STREAM_STATE, 200),
      keyState: view(wasm.KEY_STATE, 64),
    };
  }
}
