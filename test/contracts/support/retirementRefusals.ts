import { expect } from "vitest";
import { refusal } from "./refusal.ts";
import { requestOf, type Request } from "./retirements.ts";
import type { Account, System } from "./system.ts";

export const retire = (system: System, holder: Account, changes: Partial<Request> = {}) =>
  system.retirements.connect(holder).retire(requestOf(system, changes));
export const of = (batchId: bigint, milligrams: bigint) => ({ amounts: [{ batchId, milligrams }] });

/** What must not have moved where a retirement was refused. */
async function books({ batches, credit, operator, corporate }: System) {
  const batchIds = [7n, 9n];
  return {
    retired: await Promise.all(batchIds.map(async (id) => (await batches.batchOf(id)).retiredMg)),
    supply: await Promise.all(batchIds.map((id) => credit.totalSupply(id))),
    held: await Promise.all([operator, corporate].map(({ address }) => credit.balanceOf(address, 7n))),
  };
}
/** The error of the call, which must leave the books as they were. */
export async function refused(system: System, call: () => Promise<unknown>): Promise<string> {
  const before = await books(system);
  const reason = await refusal(call());
  expect(await books(system)).toEqual(before);
  return reason;
}
