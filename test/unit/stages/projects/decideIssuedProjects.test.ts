import { describe, expect, it } from "vitest";
import { providerId } from "../../../../src/base/lib/ids.ts";
import { decideIssuedProjects } from "../../../../src/stages/projects/decideIssuedProjects.ts";
import { PROJECT_STATES, type Project } from "../../../../src/stages/projects/ports.ts";

describe("a batch that is minted", () => {
  it("issues the projects in it that are verified, and no others", () => {
    const projects = [...PROJECT_STATES, "verified" as const].map(
      (state, index) => ({ id: providerId(`p-${String(index)}`), state }) as Project,
    );
    const inside = projects.slice(0, -1).map(({ id }) => id);
    expect(decideIssuedProjects(inside, projects)).toEqual([projects[4]]);
    expect(decideIssuedProjects([], projects)).toEqual([]);
  });
});
