import { ABI_OF, paddedText } from "../../../adapters/chain/abiValues.ts";
import { FIRM_ID_BYTES } from "../../../base/lib/sizes.ts";
import type { Hex } from "../../../base/types/ids.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../../base/types/participantKinds.ts";
import { NO_FIRM } from "../../../stages/network/participantTerms.ts";
import { contractParticipants } from "../contractParticipants.ts";
import { setBits } from "../parseTerms.ts";
import { named } from "./checkCreations.ts";
import { compared, noted, unexpected, type Finding } from "./finding.ts";
import type { Shown } from "./settings.ts";

/** What a registrar may give; every other kind is a power over others, or of a contract. */
const ORDINARY: readonly ParticipantKind[] = ["corporate", "bank", "exchange", "platform"];
const ORDINARY_BITS = bitsOf(ORDINARY);
const ACTIVE = 1;

interface Told {
  readonly status: number;
  readonly kinds: number;
  readonly verifierSets: number;
  readonly country: string;
  readonly expiry: number;
  readonly firmId: Hex;
}

interface Wanted {
  readonly kinds: number;
  readonly formerKinds: number;
  readonly country: string | null;
  readonly firmId: Hex | null;
  readonly expiry: number;
  readonly verifierSets: number;
}

/**
 * Holds every participant that has, or ever had, a kind that registrars can't give against the terms, the
 * deployment's own contracts and the pools that its factory made.
 */
export async function checkParticipants(shown: Shown): Promise<Finding[]> {
  const { events, contracts } = shown;
  const history = new Map<string, Told[]>();
  for (const { name, args, contract } of events) {
    if (name !== "ParticipantSet" || contract !== contracts.ParticipantRegistry) continue;
    const account = String(args["account"]).toLowerCase();
    history.set(account, [...(history.get(account) ?? []), toldBy(args)]);
  }
  const wanted = wantedOf(shown);
  const findings: Finding[] = [];
  let ordinary = 0;
  for (const account of new Set([...wanted.keys(), ...history.keys()])) {
    const states = history.get(account) ?? [];
    const ever = states.reduce((bits, { kinds }) => bits | kinds, 0) & ~ORDINARY_BITS;
    const expected = wanted.get(account);
    if (ever === 0 && expected === undefined) ordinary += 1;
    else findings.push(...checkOne(named(account, contracts), states, ever, expected));
  }
  findings.push(noted("participant", "participants of ordinary kinds", String(ordinary)));
  return [...findings, ...(await checkPools(shown))];
}

function checkOne(who: string, states: readonly Told[], ever: number, wanted: Wanted | undefined): Finding[] {
  const now = states.at(-1);
  const kinds = (now?.kinds ?? 0) & ~ORDINARY_BITS;
  const expected = (wanted?.kinds ?? 0) & ~ORDINARY_BITS;
  const allowed = expected | kinds | (wanted?.formerKinds ?? 0);
  const findings = [
    compared("participant", `kinds of ${who}`, kindsText(expected), kindsText(kinds)),
    unexpected("participant", `kinds of ${who} once, and no more`, kindsText(ever & ~allowed)),
  ];
  if (wanted === undefined || now === undefined || expected === 0) return findings;
  const compare = (what: string, wantedText: string, found: string): void => {
    findings.push(compared("participant", `${what} of ${who}`, wantedText, found));
  };
  compare("status", String(ACTIVE), String(now.status));
  compare("last second", String(wanted.expiry), String(now.expiry));
  compare("verifier sets (bits)", String(wanted.verifierSets), String(now.verifierSets));
  if (wanted.country !== null) compare("country", wanted.country, now.country);
  if (wanted.firmId !== null) compare("firm", wanted.firmId, now.firmId);
  return findings;
}

function wantedOf({ terms, contracts, events }: Shown): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const bare = { formerKinds: 0, firmId: NO_FIRM, expiry: 0, verifierSets: 0 };
  for (const { account, kinds, country } of contractParticipants(contracts, terms.country))
    wanted.set(account, { ...bare, kinds: bitsOf(kinds), country });
  for (const one of terms.participants)
    wanted.set(one.account, {
      kinds: bitsOf(one.kinds),
      formerKinds: bitsOf(one.formerKinds),
      country: one.country,
      firmId: one.firmId ?? NO_FIRM,
      expiry: one.until ?? 0,
      verifierSets: setBits(one.verifierSets),
    });
  for (const { name, args, contract } of events)
    if (name === "PoolCreated" && contract === contracts.CarbonPoolFactory)
      wanted.set(String(args["pool"]).toLowerCase(), {
        ...bare,
        kinds: PARTICIPANT_KINDS.pool,
        country: null,
        firmId: null,
      });
  return wanted;
}

/** Pools are the factory's code; who may set what in them, and whether they stand still, is told here. */
async function checkPools({ client, contracts, events }: Shown): Promise<Finding[]> {
  const pools = events.filter(
    ({ name, contract }) => name === "PoolCreated" && contract === contracts.CarbonPoolFactory,
  );
  const findings: Finding[] = [];
  for (const { args } of pools) {
    const pool = String(args["pool"]).toLowerCase() as Hex;
    // A pool has these two as the credits have them.
    const ask = async (functionName: string): Promise<string> =>
      client
        .ask(async (rpc) => rpc.readContract({ address: pool, abi: ABI_OF.CarbonCredit, functionName }))
        .then(String, () => "no answer");
    const authority = (await ask("authority")).toLowerCase();
    findings.push(
      compared(
        "link",
        `pool ${pool}: authority`,
        named(contracts.AccessManager, contracts),
        named(authority, contracts),
      ),
      compared("pause", `pool ${pool}: paused`, "false", await ask("isPaused")),
    );
  }
  return findings;
}

function toldBy(args: Readonly<Record<string, unknown>>): Told {
  return {
    status: Number(args["status"]),
    kinds: Number(args["kinds"]),
    verifierSets: Number(args["verifierSets"]),
    country: paddedText(args["country"] as Hex),
    expiry: Number(args["expiry"]),
    // In events a whole word.
    firmId: (args["firmId"] as Hex).slice(0, 2 + 2 * FIRM_ID_BYTES) as Hex,
  };
}

function bitsOf(kinds: readonly ParticipantKind[]): number {
  return kinds.reduce((bits, kind) => bits | PARTICIPANT_KINDS[kind], 0);
}

function kindsText(bits: number): string {
  const kinds = Object.entries(PARTICIPANT_KINDS).filter(([, bit]) => (bits & bit) !== 0);
  return kinds.map(([kind]) => kind).join(" and ");
}
