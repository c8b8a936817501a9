import type { Context } from "../context.ts";
import { openService } from "./openService.ts";

/** Works on the background jobs of a service whose requests other processes take. Returns what stops it. */
export async function workOnJobs(context: Context): Promise<() => Promise<void>> {
  const service = await openService(context, { jobs: true, forgetKey: () => undefined });
  return () => service.stop();
}
