import { describe, expect, it } from "vitest";
import {
  classListCalls,
  keySchemeCalls,
  methodologyCalls,
} from "../../../../src/app/network/publishCalls.ts";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import { SHIPPED_CLASS_VERSIONS } from "../../../../src/format/batch/classes/classLists.ts";
import { isTestMethodology } from "../../../../src/format/batch/methodology.ts";
import { keySchemeHash } from "../../../../src/format/onchain/batchStatement.ts";
import type { ActivityKeyService } from "../../../../src/stages/dedupe/ports.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { hmacDevKeys } from "../../../../src/adapters/keys/hmacDevKeys.ts";
import { refusedFor } from "../../../support/refusedFor.ts";
import { CONTRACTS } from "../../verify/support/sampleBatch.ts";

const AT = { deployment: { contracts: CONTRACTS } as unknown as Deployment };
const WUHAN = regionCode("WUHAN");
const all = shippedMethodologies();
const whatOf = (asked: Partial<Parameters<typeof methodologyCalls>[1]>, local = true) =>
  methodologyCalls(AT, { regions: null, codes: [], ...asked }, local).map(({ what }) => what);
const ofWuhan = all.filter(({ region }) => region === WUHAN);

describe("the calls that publish methodologies that ship", () => {
  it("are of all, in their order; of a network that is not local without those of tests", () => {
    const named = (some: typeof all) =>
      some.map(({ code, version, region }) => `${code}@${version} of ${region} is published`);
    expect(whatOf({})).toEqual(named(all));
    expect(whatOf({}, false)).toEqual(named(all.filter((one) => !isTestMethodology(one))));
    expect(whatOf({}, false).length).toBeLessThan(whatOf({}).length);
  });

  it("are of the regions that are asked for, and of the names", () => {
    expect(whatOf({ regions: [WUHAN] })).toHaveLength(ofWuhan.length);
    const [first, second] = ofWuhan as [(typeof all)[number], (typeof all)[number]];
    const [byCode, byVersion] = [first.code, `${second.code}@${second.version}`];
    const found = whatOf({ regions: [WUHAN], codes: [byCode, byVersion] });
    expect(found).toContain(`${first.code}@${first.version} of WUHAN is published`);
    expect(found).toContain(`${byVersion} of WUHAN is published`);
    expect(found).toHaveLength(
      ofWuhan.filter(({ code }) => code === first.code || code === second.code).length,
    );
  });

  it("go to the methodology registry, in nobody's name yet", () => {
    const [call] = methodologyCalls(AT, { regions: [WUHAN], codes: [] }, true);
    expect(call?.intent).toMatchObject({ to: CONTRACTS.MethodologyRegistry, from: `0x${"00".repeat(20)}` });
  });

  it("are none for a name or a region that is unknown, and told which regions there are", () => {
    const refusal = (asked: Parameters<typeof whatOf>[0], local?: boolean) => () => whatOf(asked, local);
    const test = all.find((one) => isTestMethodology(one))?.code ?? "";
    for (const [codes, local] of [
      [["NO-SUCH"], true],
      [[ofWuhan[0]?.code ?? "", "NO-SUCH"], true],
      [[test], false],
    ] as const) {
      expect(refusal({ codes }, local)).toThrow(refusedFor("network.methodology"));
      expect(refusal({ codes }, local)).toThrow(
        `"${codes.at(-1) ?? ""}" is no methodology that ships and counts here. There are some of `,
      );
    }
    expect(refusal({ regions: [WUHAN], codes: ["x".repeat(90)] })).toThrow(
      `"${"x".repeat(80)}" is no methodology that ships and counts here. There are some of WUHAN.`,
    );
    const nowhere = refusal({ regions: [regionCode("NOWHERE"), regionCode("ELSE")] });
    expect(nowhere).toThrow(refusedFor("network.methodology"));
    expect(nowhere).toThrow(
      expect.objectContaining({
        message: "No methodology that ships is of NOWHERE, ELSE.",
        remedy: { act: "publish-methodology" },
      }),
    );
  });
});

it("versions of the list of classes are published from the first on, each by its own hash", () => {
  const calls = classListCalls(AT);
  expect(calls.map(({ what }) => what)).toEqual(
    Array.from(
      SHIPPED_CLASS_VERSIONS,
      (_, n) => `version ${String(n + 1)} of the list of scenario classes is published`,
    ),
  );
  for (const [n, { intent }] of calls.entries()) {
    expect(intent.to).toBe(CONTRACTS.MethodologyRegistry);
    expect(intent.data).toContain(SHIPPED_CLASS_VERSIONS[n]?.hash.slice(2));
  }
});

it("key schemes are allowed of a vintage alone, and with the years around it", async () => {
  const asked: (readonly number[])[] = [];
  const keys = hmacDevKeys({ chainId: 31_337 });
  const watched: Pick<ActivityKeyService, "keyScheme"> = {
    keyScheme: (years) => {
      asked.push(years);
      return keys.keyScheme(years);
    },
  };
  const calls = await keySchemeCalls(AT, watched, 2025);
  expect(asked).toEqual([[2025], [2024, 2025], [2025, 2026]]);
  expect(calls.map(({ what }) => what)).toEqual([
    "the key scheme of 2025 is allowed",
    "the key scheme of 2024 and 2025 is allowed",
    "the key scheme of 2025 and 2026 is allowed",
  ]);
  expect(calls[1]?.intent.to).toBe(CONTRACTS.BatchRegistry);
  expect(calls[1]?.intent.data).toContain(keySchemeHash(await keys.keyScheme([2024, 2025])).slice(2));
});
