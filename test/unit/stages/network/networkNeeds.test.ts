import { describe, expect, it } from "vitest";
import { networkNeeds, type NetworkShown } from "../../../../src/stages/network/networkNeeds.ts";
import { account, firm, participant } from "./support/participants.ts";

const FULL: NetworkShown = {
  participants: [
    participant("d", ["escrow"]),
    participant("f", ["pool-factory"]),
    participant("1", ["registrar"]),
    participant("2", ["operator", "registrar"], { firmId: firm("2") }),
    participant("3", ["verifier"], { firmId: firm("3") }),
    participant("4", ["verifier"], { firmId: firm("4") }),
    participant("5", ["verifier"], { firmId: firm("5") }),
  ],
  roles: [
    { name: "governor", members: [account("9")] },
    { name: "appointer", members: [account("7"), account("8")] },
    { name: "methodologist", members: [] },
  ],
  contracts: [
    { name: "BatchDisputes", account: account("d"), kind: "escrow" },
    { name: "CarbonPoolFactory", account: account("f"), kind: "pool-factory" },
  ],
  quorum: 2,
  methodologies: 3,
  keySchemes: 1,
};
const needs = (more: Partial<NetworkShown> = {}) => networkNeeds({ ...FULL, ...more });
const changed = (nibble: string, more: Partial<(typeof FULL.participants)[number]>) =>
  FULL.participants.map((one) => (one.account === account(nibble) ? { ...one, ...more } : one));
const lacking = (more: Partial<NetworkShown>) =>
  needs(more)
    .filter(({ isMet }) => !isMet)
    .map(({ what, found }) => `${what}: ${found}`);

const ESCROW = "BatchDisputes acts as escrow";
const FACTORY = "CarbonPoolFactory acts as pool-factory";
const VERIFIERS = "there are verifiers of one firm more than a commit needs (2 + 1)";

describe("what a network needs", () => {
  it("is told in the order in which it is done, with who does it and how", () => {
    const appointers = { isMet: true, role: "appointer", members: [account("7"), account("8")] };
    const appoint = "microtonne network participants appoint 0x… --kind";
    const contract = (nibble: string, kind: string): string =>
      `microtonne network participants appoint ${account(nibble)} --kind ${kind} --country CN`;
    expect(needs()).toEqual([
      { what: ESCROW, found: account("d"), ...appointers, command: contract("d", "escrow") },
      { what: FACTORY, found: account("f"), ...appointers, command: contract("f", "pool-factory") },
      {
        what: "there is a registrar",
        found: `${account("1")}, ${account("2")}`,
        ...appointers,
        command: `${appoint} registrar --country CN`,
      },
      {
        what: "there is an operator",
        found: account("2"),
        ...appointers,
        command: `${appoint} operator --country CN --firm USCC:…`,
      },
      {
        what: VERIFIERS,
        found: [account("3"), account("4"), account("5")].join(", "),
        ...appointers,
        command: `${appoint} verifier --country CN --firm USCC:…`,
      },
      {
        what: "a methodology is published",
        isMet: true,
        found: "3",
        role: "methodologist",
        members: [],
        command: "microtonne network publish methodologies",
      },
      {
        what: "a key scheme is allowed",
        isMet: true,
        found: "1",
        role: "governor",
        members: [account("9")],
        command: "microtonne network publish key-scheme --vintage 2025",
      },
    ]);
  });

  it("is all there is to do on a network that was just deployed", () => {
    expect(lacking({ participants: [], methodologies: 0, keySchemes: 0, quorum: 1 })).toEqual([
      `${ESCROW}: none`,
      `${FACTORY}: none`,
      "there is a registrar: none",
      "there is an operator: none",
      "there are verifiers of one firm more than a commit needs (1 + 1): none",
      "a methodology is published: none",
      "a key scheme is allowed: none",
    ]);
    expect(needs({ roles: [] }).map(({ members }) => members)).toEqual(Array.from({ length: 7 }, () => []));
  });

  it("is not met by who is not active", () => {
    expect(lacking({ participants: changed("2", { status: "suspended" }) })).toEqual([
      "there is an operator: none",
    ]);
    expect(lacking({ participants: changed("4", { status: "barred" }) })).toEqual([
      `${VERIFIERS}: ${account("3")}, ${account("5")}`,
    ]);
    expect(lacking({ participants: changed("d", { status: "recovered" }) })).toEqual([`${ESCROW}: none`]);
  });

  it("is not met by another account where a contract must be it", () => {
    expect(lacking({ participants: changed("d", { account: account("e") }) })).toEqual([`${ESCROW}: none`]);
    expect(lacking({ participants: changed("f", { account: account("e") }) })).toEqual([`${FACTORY}: none`]);
    // Nor by the right one as something else.
    expect(
      lacking({ participants: [...changed("d", { kinds: ["pool"] }), participant("e", ["escrow"])] }),
    ).toEqual([`${ESCROW}: none`]);
  });

  it("are verifiers of firms, however many wallets one has", () => {
    expect(lacking({ participants: changed("5", { firmId: firm("4") }) })).toEqual([
      `${VERIFIERS}: ${account("3")}, ${account("5")}`,
    ]);
  });

  it("are as many verifiers as the quorum and one more", () => {
    expect(lacking({ quorum: 1 })).toEqual([]);
    expect(lacking({ quorum: 3 })).toEqual([
      `${VERIFIERS.replace("2 + 1", "3 + 1")}: ${[account("3"), account("4"), account("5")].join(", ")}`,
    ]);
  });

  it("is a methodology and a key scheme, each for itself", () => {
    expect(lacking({ methodologies: 0 })).toEqual(["a methodology is published: none"]);
    expect(lacking({ keySchemes: 0 })).toEqual(["a key scheme is allowed: none"]);
    expect(lacking({ methodologies: 1 })).toEqual([]);
  });
});
