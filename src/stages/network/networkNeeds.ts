import type { Address } from "../../base/types/ids.ts";
import { FIRM_KINDS, type ParticipantKind } from "../../base/types/participantKinds.ts";
import type { ChainParticipant, NetworkNeed, RoleHolders } from "./ports.ts";

/** What a network's chain shows. */
export interface NetworkShown {
  readonly participants: readonly ChainParticipant[];
  readonly roles: readonly RoleHolders[];
  /** The contracts that act as participants themselves, in lower case, and what each of them is. */
  readonly contracts: readonly {
    readonly name: string;
    readonly account: Address;
    readonly kind: ParticipantKind;
  }[];
  /** Verifiers that a commit needs in regions without terms of their own. */
  readonly quorum: number;
  /** How many are published. */
  readonly methodologies: number;
  /** How many are allowed. */
  readonly keySchemes: number;
}

/** What a network needs before a gram can go its way there, in the order in which it is done. */
export function networkNeeds(shown: NetworkShown): NetworkNeed[] {
  return [...participantNeeds(shown), ...publicationNeeds(shown)];
}

function participantNeeds(shown: NetworkShown): NetworkNeed[] {
  const activeOnes = (kind: ParticipantKind): ChainParticipant[] =>
    shown.participants.filter((one) => one.status === "active" && one.kinds.includes(kind));
  const active = (kind: ParticipantKind, account?: Address): Address[] =>
    activeOnes(kind)
      .map((one) => one.account)
      .filter((one) => account === undefined || one === account);
  // One account of each firm: a commit takes one attestation from a firm, however many wallets it has.
  const firms = new Map(activeOnes("verifier").map((one) => [one.firmId, one.account]));
  const need = (what: string, found: readonly Address[], least: number, command: string): NetworkNeed => ({
    what,
    isMet: found.length >= least,
    found: found.length === 0 ? "none" : found.join(", "),
    ...whoIs("appointer", shown),
    command,
  });
  const appoint = (kind: ParticipantKind, account = "0x…"): string =>
    `microtonne network participants appoint ${account} --kind ${kind} --country CN` +
    (FIRM_KINDS.includes(kind) ? " --firm USCC:…" : "");
  return [
    // Since deployments appoint them: lacking where somebody has suspended or changed one.
    ...shown.contracts.map(({ name, account, kind }) =>
      need(`${name} acts as ${kind}`, active(kind, account), 1, appoint(kind, account)),
    ),
    need("there is a registrar", active("registrar"), 1, appoint("registrar")),
    need("there is an operator", active("operator"), 1, appoint("operator")),
    need(
      `there are verifiers of one firm more than a commit needs (${String(shown.quorum)} + 1)`,
      [...firms.values()],
      shown.quorum + 1,
      appoint("verifier"),
    ),
  ];
}

function publicationNeeds(shown: NetworkShown): NetworkNeed[] {
  const need = (what: string, count: number, role: string, command: string): NetworkNeed => ({
    what,
    isMet: count > 0,
    found: count === 0 ? "none" : String(count),
    ...whoIs(role, shown),
    command,
  });
  return [
    need(
      "a methodology is published",
      shown.methodologies,
      "methodologist",
      "microtonne network publish methodologies",
    ),
    need(
      "a key scheme is allowed",
      shown.keySchemes,
      "governor",
      "microtonne network publish key-scheme --vintage 2025",
    ),
  ];
}

function whoIs(role: string, { roles }: NetworkShown): Pick<NetworkNeed, "role" | "members"> {
  return { role, members: roles.find(({ name }) => name === role)?.members ?? [] };
}
