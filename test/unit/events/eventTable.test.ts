import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EVENT_DATA, EVENT_TYPES } from "../../../src/events/events.ts";

it("docs/webhooks.md lists every type of event with the names of its fields, and no other", () => {
  const rows = readFileSync("docs/webhooks.md", "utf8").match(/^\| `[a-z]+\.[a-z]+` \|.*\|$/gm) ?? [];
  const listed = rows.map((row) => {
    const [, type, , fields] = row.split("|");
    const names = [...((fields ?? "").split(":")[0]?.matchAll(/`([A-Za-z]+)`/g) ?? [])].map(
      (match) => match[1],
    );
    return [type?.trim(), names];
  });
  expect(listed).toEqual(EVENT_TYPES.map((type) => [`\`${type}\``, Object.keys(EVENT_DATA[type].shape)]));
});
