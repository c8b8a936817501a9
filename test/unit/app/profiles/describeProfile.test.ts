import { expect, it } from "vitest";
import { describeProfile, describeProfiles } from "../../../../src/app/profiles/describeProfile.ts";
import { profileHash } from "../../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile, shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";

it("a shipped profile is described with its hash and each lookup file once, alone with its text", () => {
  const taps = describeProfiles().find(({ name }) => name === "shenzhen-taps");
  expect(taps).toEqual({
    name: "shenzhen-taps",
    description: shippedProfile("shenzhen-taps").description,
    provider: "shenzhen-tong",
    region: "SHENZHEN",
    format: "csv",
    hash: profileHash(shippedProfile("shenzhen-taps")),
    lookups: ["shenzhen_stations_geo.csv.gz"],
  });
  expect(describeProfile("shenzhen-taps")).toEqual({ ...taps, text: shippedProfileText("shenzhen-taps") });
  expect(describeProfile("canonical-csv").lookups).toEqual([]);
});
