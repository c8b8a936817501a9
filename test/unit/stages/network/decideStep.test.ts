import { expect, it } from "vitest";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { decideStep, type StepFacts } from "../../../../src/stages/network/decideStep.ts";

const NOW = 1_800_000_000 as UnixSeconds;
const at = (seconds: number) => (NOW + seconds) as UnixSeconds;
const MAY: StepFacts = { hasLanded: false, delaySeconds: 0, readyAt: null, now: NOW };
const WAITS: StepFacts = { ...MAY, delaySeconds: 172_800 };

it.each<[string, Partial<StepFacts>, string, string, UnixSeconds | null]>([
  ["the chain shows it", { hasLanded: true }, "done", "done", null],
  [
    "the chain shows it, whoever might have done it",
    { hasLanded: true, delaySeconds: null },
    "done",
    "done",
    null,
  ],
  [
    "it was scheduled and done by others",
    { ...WAITS, hasLanded: true, readyAt: at(9) },
    "done",
    "done",
    null,
  ],
  ["no key here may", { delaySeconds: null }, "others", "others", null],
  ["a key may at once", {}, "sent", "would-send", null],
  [
    "a key may at once and somebody scheduled it all the same",
    { readyAt: at(9) },
    "sent",
    "would-send",
    null,
  ],
  ["its role waits", WAITS, "scheduled", "would-schedule", at(172_800)],
  ["its role waits a second", { ...WAITS, delaySeconds: 1 }, "scheduled", "would-schedule", at(1)],
  ["it was scheduled", { ...WAITS, readyAt: at(172_800) }, "waits", "waits", at(172_800)],
  ["a second is left", { ...WAITS, readyAt: at(1) }, "waits", "waits", at(1)],
  ["its time has come", { ...WAITS, readyAt: NOW }, "sent", "would-send", null],
  ["its time is past", { ...WAITS, readyAt: at(-1) }, "sent", "would-send", null],
])("a step where %s", (_, facts, state, dry, readyAt) => {
  expect(decideStep({ ...MAY, ...facts }, { dryRun: false })).toEqual({ state, readyAt });
  expect(decideStep({ ...MAY, ...facts }, { dryRun: true })).toEqual({ state: dry, readyAt });
});
