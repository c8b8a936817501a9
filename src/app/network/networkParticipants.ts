import { readParticipants } from "../../adapters/chain/reads/readParticipants.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { readChain } from "../chain/readChain.ts";
import type { Context } from "../context.ts";

/** The participants of a network, with times as ISO 8601; null: no end. @throws as `readChain` */
export async function networkParticipants(place: Pick<Context, "config" | "node">) {
  const { client, deployment } = await readChain(place);
  return (await readParticipants(client, deployment)).map((one) => ({
    ...one,
    expiry: one.expiry === null ? null : utcText(one.expiry),
  }));
}
