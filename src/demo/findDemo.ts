import { existsSync } from "node:fs";
import { join } from "node:path";
import { tenantId } from "../base/lib/ids.ts";
import type { TenantId } from "../base/types/ids.ts";

/** Marks a folder as a demo's own, so that nothing else is ever emptied. */
export const DEMO_MARKER = ".microtonne-demo";
/** To which all belongs that the demo makes. */
export const DEMO_TENANT: TenantId = tenantId("demo");

/** The data folder of a demo's folder. */
export function demoDataFolder(out: string): string {
  return join(out, "data");
}

/** The data that a demo left in the folder that it was told to use; null for any other folder. */
export function findDemo(out: string): { readonly folder: string; readonly tenant: TenantId } | null {
  return existsSync(join(out, DEMO_MARKER)) ? { folder: demoDataFolder(out), tenant: DEMO_TENANT } : null;
}
