import { expect, it } from "vitest";
import { claimCountry } from "../../../../src/stages/retire/claimCountry.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

it("a claim's country is the host country of what is taken; several, or none, are asked for", () => {
  expect(claimCountry(["CL", "CL"], "CN")).toBe("CL");
  expect(claimCountry([null, "CL"], "CL")).toBe("CL");
  expect(claimCountry([null], "SG")).toBe("SG");
  for (const hosts of [["CL", "CN"], [null, "CL"], [null]])
    expect(() => claimCountry(hosts, null)).toThrowError(refusedFor("retire.country"));
});
