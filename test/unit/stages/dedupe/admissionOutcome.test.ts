import { describe, expect, it } from "vitest";
import { admissionOutcome } from "../../../../src/stages/dedupe/admissionOutcome.ts";
import { holderOf, reductionOf, type Act } from "./support/reductions.ts";

const first: Act = { id: "a" };
const outcome = (act: Partial<Act>, ...holders: ReturnType<typeof holderOf>[]) =>
  admissionOutcome(reductionOf({ id: "b", ...act }), holders);

describe("a reduction whose activity key is held already", () => {
  it.each<[string, Partial<Act>]>([
    ["start", { at: 20, seconds: 580 }],
    ["end", { seconds: 601 }],
    ["missing end", { seconds: null }],
    ["quantity", { quantity: 1_000_001n }],
    ["unit", { unit: "km" }],
    ["scenario", { scenario: "light-rail" }],
  ])("joins the leaf where its provider reports another %s", (_difference, change) => {
    expect(outcome(change, holderOf(first))).toBe("accepted");
  });

  it("is the same content under another record id where nothing differs, beside any of the holders", () => {
    expect(outcome({}, holderOf(first))).toBe("duplicate.same-content");
    expect(outcome({ at: 20 }, holderOf(first), holderOf({ id: "c", at: 20 }))).toBe(
      "duplicate.same-content",
    );
  });

  it("is another's act where another provider or methodology counts it", () => {
    expect(outcome({ provider: "wallet" }, holderOf(first))).toBe("duplicate.activity-key");
    expect(outcome({ methodology: 2, at: 20 }, holderOf(first))).toBe("duplicate.activity-key");
  });

  it("never joins where either names nobody, however equal they are", () => {
    expect(outcome({ subject: null }, holderOf({ id: "a", subject: null }))).toBe("duplicate.activity-key");
    expect(outcome({ subject: null }, holderOf(first))).toBe("duplicate.activity-key");
    expect(outcome({}, holderOf({ id: "a", subject: null }))).toBe("duplicate.activity-key");
  });

  it("is keyed by an asset once, unless all that hold its month were dropped", () => {
    const anchored = (...holders: ReturnType<typeof holderOf>[]) =>
      admissionOutcome({ ...reductionOf({ id: "b" }), anchored: true }, holders);
    const [held, dropped] = [
      { ...holderOf(first), dropped: false },
      { ...holderOf({ id: "c" }), dropped: true },
    ];
    expect(anchored(held)).toBe("duplicate.activity-key");
    expect(anchored(held, dropped)).toBe("duplicate.activity-key");
    expect(anchored(dropped, held)).toBe("duplicate.activity-key");
    expect(anchored(dropped)).toBe("accepted");
    expect(outcome({}, dropped)).toBe("duplicate.same-content");
  });

  it("comes too late where any of the holders is closed, and is told first that it is here already", () => {
    expect(outcome({ at: 20 }, holderOf(first), holderOf({ id: "c", at: 30 }, true))).toBe(
      "duplicate.closed",
    );
    expect(outcome({}, holderOf(first, true))).toBe("duplicate.same-content");
    expect(outcome({ provider: "wallet" }, holderOf(first, true))).toBe("duplicate.activity-key");
  });
});
