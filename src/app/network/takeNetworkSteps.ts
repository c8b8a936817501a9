import {
  readCallRights,
  readFunctionRole,
  readRoleMembers,
  readSchedule,
  type RoleMember,
} from "../../adapters/chain/accessManager.ts";
import { scheduleCall } from "../../adapters/chain/intents/scheduleCall.ts";
import { landed } from "../../adapters/chain/landed.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { Address } from "../../base/types/ids.ts";
import { decideStep, type StepState } from "../../stages/network/decideStep.ts";
import { hasLanded } from "../../stages/outbox/hasLanded.ts";
import type { Intent, Signer } from "../../stages/outbox/ports.ts";
import { callsForOthers, type CallsForOthers } from "../chain/callsForOthers.ts";
import type { ChainSide, Context } from "../context.ts";

/** A call that a network needs, and what it is for. `from` is decided by who may make it. */
export interface WantedCall {
  /** "0x… becomes an operator". */
  readonly what: string;
  readonly intent: Intent;
}

/** What came of a wanted call. */
export interface NetworkStep {
  readonly what: string;
  readonly state: StepState;
  /** Whose key; null where none of this process may. */
  readonly by: Address | null;
  /** The role that may, and who holds it. */
  readonly role: string;
  readonly members: readonly Address[];
  /** ISO 8601; of what is scheduled. */
  readonly readyAt: string | null;
  /** For somebody else to send; null where nothing is left to send. */
  readonly call: CallsForOthers["calls"][number] | null;
}

/** Steps in their order, and the calls that others must send. */
export interface NetworkReport {
  readonly steps: readonly NetworkStep[];
  /** Null where none is left for others. */
  readonly task: CallsForOthers | null;
}

/**
 * Makes the calls that a network needs and that the chain does not show yet, each with a key of this process
 * that its role lets make it: at once, or scheduled first where the role's calls wait. What nobody here may
 * send is handed back. Idempotent: run again, it does what is left.
 * @throws CheckFailedError `outbox.failed`, or as `settleOutbox`
 */
export async function takeNetworkSteps(
  context: Context,
  wanted: readonly WantedCall[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<NetworkReport> {
  const chain = await context.chain();
  const steps: NetworkStep[] = [];
  for (const one of wanted) steps.push(await stepOf(context, chain, one, dryRun));
  if (!dryRun) await chain.settle();
  const left = steps.flatMap(({ state, call }) => (state === "others" && call !== null ? [call] : []));
  return { steps, task: left.length === 0 ? null : callsForOthers(chain.deployment, left) };
}

async function stepOf(
  context: Context,
  chain: ChainSide,
  { what, intent }: WantedCall,
  dryRun: boolean,
): Promise<NetworkStep> {
  const { client, deployment } = chain;
  const call = { to: intent.to as Address, data: intent.data };
  const role = await readFunctionRole(client, deployment, call);
  const members = (await readRoleMembers(client, deployment, role.id)).map(({ account }) => account);
  const isThere = await landed({ client, hasLanded }, intent);
  const entitled = isThere ? null : await firstEntitled(chain, call);
  const by = entitled?.signer.address ?? null;
  const waits = by !== null && entitled !== null && entitled.delaySeconds > 0;
  const schedule = waits ? await readSchedule(client, deployment, by, call) : null;
  const { state, readyAt } = decideStep(
    {
      hasLanded: isThere,
      delaySeconds: entitled?.delaySeconds ?? null,
      readyAt: schedule?.readyAt ?? null,
      now: context.clock.now(),
    },
    { dryRun },
  );
  if (by !== null && schedule !== null && state === "scheduled")
    await chain.outbox.enqueue(scheduleCall(deployment.contracts.AccessManager, by, call, schedule.nonce));
  if (by !== null && state === "sent")
    await chain.outbox.enqueue({ ...intent, from: by, key: await freshKey(chain, intent.key) });
  return {
    what,
    by,
    role: role.name,
    members,
    readyAt: readyAt === null ? null : utcText(readyAt),
    call: state === "done" || state === "sent" ? null : call,
    state,
  };
}

/** Of the keys that this process has, the first that may make the call. */
async function firstEntitled(
  { client, deployment, authority, registrar, admin, operator }: ChainSide,
  call: { readonly to: Address; readonly data: Intent["data"] },
): Promise<{ readonly signer: Signer; readonly delaySeconds: RoleMember["delaySeconds"] } | null> {
  const candidates = [authority, registrar?.signer, admin, operator].filter(
    (one) => one !== null && one !== undefined,
  );
  for (const signer of candidates) {
    const { immediate, delaySeconds } = await readCallRights(client, deployment, signer.address, call);
    if (immediate || delaySeconds > 0) return { signer, delaySeconds };
  }
  return null;
}

/** The chain does not show what an earlier intent of that key did: somebody has changed it since. */
async function freshKey({ outbox }: ChainSide, key: string): Promise<string> {
  for (let again = 1; ; again++) {
    const name = again === 1 ? key : `${key}:${String(again)}`;
    if ((await outbox.find(name))?.state !== "final") return name;
  }
}
