/**
 * The part of WebAssembly's interface that the kernel uses; the compiler's own declarations come with a
 * browser's.
 */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}

/** WebAssembly of this JavaScript engine. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
