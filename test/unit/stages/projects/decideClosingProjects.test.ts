import { describe, expect, it } from "vitest";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { decideClosingProjects } from "../../../../src/stages/projects/decideClosingProjects.ts";
import type { OpenProject, Project, ProjectState } from "../../../../src/stages/projects/ports.ts";

/** 2025-01-12 to 2025-02-10. */
const PERIOD = { startDay: 20_100 as Day, endDay: 20_129 as Day };
const project = (id: string, state: ProjectState): Project =>
  ({ id: providerId(id), state, creditingPeriod: PERIOD }) as Project;
const open = (id: string, firstDay = 20_089, lastDay = 20_120): OpenProject => ({
  provider: providerId(id),
  firstDay: firstDay as Day,
  lastDay: lastDay as Day,
});

describe("a closing of projects", () => {
  it("takes those that stand, with the whole months of their crediting period", () => {
    const states = ["registered", "monitored", "verified", "issued"] as const;
    const { taken, leftOut } = decideClosingProjects(
      states.map((state) => project(state, state)),
      states.map((state) => open(state)),
    );
    // January and February.
    expect(taken).toEqual(states.map((id) => ({ project: id, startDay: 20_089, endDay: 20_147 })));
    expect(leftOut).toEqual([]);
  });

  it("leaves out by name what does not stand", () => {
    const projects = [project("fine", "issued"), project("gone", "expired"), project("new", "noticed")];
    const { taken, leftOut } = decideClosingProjects(projects, [
      open("fine"),
      open("gone"),
      open("new"),
      open("stranger"),
    ]);
    expect(taken.map((one) => one.project)).toEqual(["fine"]);
    expect(leftOut.map((one) => [one.project, one.code])).toEqual([
      ["gone", "project.expired"],
      ["new", "project.not-registered"],
      ["stranger", "project.unknown"],
    ]);
  });

  it("is refused with the first reason where nothing is left", () => {
    const late = [open("fine", 20_148, 20_150)];
    expect(() => decideClosingProjects([project("fine", "issued")], late)).toThrow(
      expect.objectContaining({ code: "project.outside-crediting-period" }),
    );
    expect(() => decideClosingProjects([project("gone", "expired")], [open("gone")])).toThrow(
      expect.objectContaining({ code: "project.expired" }),
    );
    // Nothing open at all is the closing's own to refuse.
    expect(decideClosingProjects([], [])).toEqual({ taken: [], leftOut: [] });
  });
});
