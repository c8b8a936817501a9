import { expect, it } from "vitest";
import { wantedCommand } from "../../../../src/doors/cli/wantedCommand.ts";

it.each([
  ["", null],
  ["--version", null],
  ["ingest a.csv --profile p", "ingest"],
  ["--data retire ingest", "ingest"],
  ["--data=x --json batch list", "batch"],
  ["help batch", "batch"],
  ["help", null],
])("finds in %s %s", (line, command) => {
  expect(wantedCommand(line.split(" ").filter((word) => word !== ""))).toBe(command);
});
