import { describe, expect, it } from "vitest";
import { closableCategory } from "../../../../src/stages/pool/closableCategory.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

describe("the category of a closing", () => {
  it("is acts or projects; behaviour is counted and never closed", () => {
    expect([closableCategory("act"), closableCategory("project")]).toEqual(["act", "project"]);
    expect(() => closableCategory("behaviour")).toThrow(refusedFor("closing.behaviour"));
  });
});
