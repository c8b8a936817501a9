import { describe, expect, it } from "vitest";
import type { Address } from "../../../../src/base/types/ids.ts";
import {
  FIRM_KINDS,
  PARTICIPANT_KINDS,
  type ParticipantKind,
} from "../../../../src/base/types/participantKinds.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { participantTerms, type AskedParticipant } from "../../../../src/stages/network/participantTerms.ts";
import { account, firm, participant } from "./support/participants.ts";

const END = 1_900_000_000 as UnixSeconds;
const ask = (kinds: ParticipantKind[], more: Partial<AskedParticipant> = {}): AskedParticipant => ({
  account: account("a"),
  kinds,
  country: "CN",
  expiry: null,
  firmId: null,
  ...more,
});
const KNOWN = [
  participant("b", ["verifier"], { firmId: firm("b"), expiry: (END + 9) as UnixSeconds }),
  participant("a", ["operator"], { firmId: firm("1"), expiry: END, country: "DE" }),
];

describe("the terms on which an account becomes a participant", () => {
  it("of a new one are what is asked for, and nothing more", () => {
    expect(participantTerms(ask(["corporate", "pool"]), [])).toEqual({
      account: account("a"),
      kinds: ["corporate", "pool"],
      country: "CN",
      expiry: null,
      firmId: firm("0"),
    });
    const asked = ask(["operator"], { firmId: firm("7"), expiry: END });
    expect(participantTerms(asked, [])).toEqual(asked);
  });

  it("keep its end and its firm where none is asked for, and no kind and no country", () => {
    expect(participantTerms(ask(["verifier"]), KNOWN)).toEqual({
      account: account("a"),
      kinds: ["verifier"],
      country: "CN",
      expiry: END,
      firmId: firm("1"),
    });
  });

  it("take another end, and the firm that it has when it is said again", () => {
    const later = (END + 1) as UnixSeconds;
    const asked = ask(["verifier"], { expiry: later, firmId: firm("1") });
    expect(participantTerms(asked, KNOWN)).toMatchObject({ expiry: later, firmId: firm("1") });
  });

  it("are the same account's, however it is spelled", () => {
    const spelled: Address = `0x${"A".repeat(40)}`;
    expect(participantTerms(ask(["operator"], { account: spelled }), KNOWN)).toMatchObject({
      account: account("a"),
      firmId: firm("1"),
      expiry: END,
    });
  });

  it("give a known account that is no firm's its first", () => {
    const known = [participant("a", ["corporate"])];
    expect(participantTerms(ask(["operator"], { firmId: firm("5") }), known).firmId).toBe(firm("5"));
  });

  it("never give it to another firm", () => {
    expect(() => participantTerms(ask(["corporate"], { firmId: firm("2") }), KNOWN)).toThrow(
      expect.objectContaining({
        code: "participant.firm-fixed",
        message:
          `${account("a")} is a wallet of firm ${firm("1")} for good, not of ${firm("2")}. ` +
          "Appoint another wallet.",
      }),
    );
    // Not even to none.
    expect(() => participantTerms(ask(["corporate"], { firmId: firm("0") }), KNOWN)).toThrow(
      expect.objectContaining({ code: "participant.firm-fixed" }),
    );
  });

  it("name the first kind that needs a firm where none is known", () => {
    for (const asked of [
      ask(["corporate", "bank", "verifier"]),
      ask(["corporate", "bank"], { firmId: firm("0") }),
    ])
      expect(() => participantTerms(asked, KNOWN.slice(0, 1))).toThrow(
        expect.objectContaining({
          code: "participant.firm-missing",
          message: `${account("a")} is to be bank, which only a known firm may be.`,
          remedy: { act: "name-firm" },
        }),
      );
  });

  it.each(Object.keys(PARTICIPANT_KINDS) as ParticipantKind[])("need a firm, or do not, for a %s", (kind) => {
    const terms = () => participantTerms(ask([kind]), []);
    if (FIRM_KINDS.includes(kind)) expect(terms).toThrow(kind);
    else expect(terms().firmId).toBe(firm("0"));
  });
});
