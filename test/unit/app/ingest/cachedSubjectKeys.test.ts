import { describe, expect, it } from "vitest";
import { cachedSubjectKeys } from "../../../../src/app/ingest/cachedSubjectKeys.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { SubjectIdentifier, SubjectKeyService } from "../../../../src/stages/dedupe/ports.ts";
import { keccak } from "../../../../src/format/keccak.ts";

const who = (identifier: string, scope = "deployment"): SubjectIdentifier => ({ scope, identifier });
const keyOf = ({ scope, identifier }: SubjectIdentifier): SubjectKey =>
  keccak(utf8(`${scope} ${identifier}`)) as SubjectKey;

function watched(): { asked: SubjectIdentifier[]; keys: SubjectKeyService } {
  const asked: SubjectIdentifier[] = [];
  const subjectKeys: SubjectKeyService["subjectKeys"] = (identifiers) => {
    asked.push(...identifiers);
    return Promise.resolve(identifiers.map((one) => keyOf(one)));
  };
  return { asked, keys: cachedSubjectKeys({ subjectKeys }) };
}

describe("subject keys of one file", () => {
  it("are asked for once a person, and come in the order asked", async () => {
    const { asked, keys } = watched();
    const first = [who("a"), who("b"), who("a"), who("a", "metro")];
    expect(await keys.subjectKeys(first)).toEqual(first.map((one) => keyOf(one)));
    const second = [who("c"), who("b")];
    expect(await keys.subjectKeys(second)).toEqual(second.map((one) => keyOf(one)));
    expect(asked).toEqual([who("a"), who("b"), who("a", "metro"), who("c")]);
  });

  it("stay right for more people than are kept, and those who come often are kept", async () => {
    const { asked, keys } = watched();
    for (let round = 0; round < 40; round++) {
      const some = Array.from({ length: 5000 }, (_, i) => who(`${String(round)} ${String(i)}`));
      const given = [who("often"), ...some];
      expect((await keys.subjectKeys(given))[0]).toEqual(keyOf(who("often")));
    }
    expect(asked.filter(({ identifier }) => identifier === "often")).toHaveLength(1);
    const [back] = await keys.subjectKeys([who("0 0")]);
    expect(back).toEqual(keyOf(who("0 0")));
    expect(asked.filter(({ identifier }) => identifier === "0 0")).toHaveLength(2);
  });

  it("stay right whatever names look like: long, empty, beyond ASCII, alike", async () => {
    const { asked, keys } = watched();
    const names = ["", "é", "e\u0301", "😀", "\ud83d", "a", "aa", "a\0a", "z".repeat(3_000_000)];
    const longs = Array.from({ length: 3000 }, (_, i) => `${"x".repeat(1 + (i % 900))}${String(i)}`);
    const given = [...names, ...longs].map((name) => who(name));
    for (let round = 0; round < 2; round++)
      expect(await keys.subjectKeys(given)).toEqual(given.map((one) => keyOf(one)));
    // The longest is not kept; all else is asked for once while there is room.
    expect(asked.filter(({ identifier }) => identifier === "a")).toHaveLength(1);
    expect(asked.filter(({ identifier }) => identifier.length > 1_000)).toHaveLength(2);
  });
});
