import { Kernel } from "./kernel.ts";

let shared: Kernel | undefined;

/** This thread's kernel, made when it is first asked for. */
export function sharedKernel(): Kernel {
  shared ??= new Kernel();
  return shared;
}
