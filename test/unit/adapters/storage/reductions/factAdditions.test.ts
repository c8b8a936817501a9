import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../../src/base/lib/bytes.ts";
import type { ActivityRecord } from "../../../../../src/base/types/activityRecord.ts";
import type { Hex } from "../../../../../src/base/types/ids.ts";
import { additionsOf, extraBytes } from "../../../../../src/adapters/storage/reductions/factAdditions.ts";

const key: Hex = `0x${"ab".repeat(32)}`;
const extra = (additions: Partial<ActivityRecord>): Uint8Array => extraBytes(additions as ActivityRecord);

describe("what a fact holds beside its columns", () => {
  it("is nothing for an ordinary act, said or unsaid", () => {
    expect(extra({})).toHaveLength(0);
    expect(extra({ asset: null, attributes: {}, revision: 0, previousRevision: null })).toHaveLength(0);
    expect(additionsOf({ grade: "declared", consent_text: "", extra: new Uint8Array() })).toEqual({});
  });

  it("is canonical JSON of the rest, and reads back", () => {
    const own = {
      asset: { kind: "meter", key },
      attributes: { b: "2", a: "風" },
      revision: 2,
      previousRevision: key,
    };
    const bytes = extra({ evidence: "photo", consentText: "v1", ...own });
    expect(bytes).toEqual(
      utf8(
        `{"asset":{"key":"${key}","kind":"meter"},"attributes":{"a":"風","b":"2"},` +
          `"previousRevision":"${key}","revision":2}`,
      ),
    );
    expect(additionsOf({ grade: "photo", consent_text: "v1", extra: bytes })).toEqual({
      evidence: "photo",
      consentText: "v1",
      ...own,
    });
    expect(
      additionsOf({ grade: "declared", consent_text: "", extra: extra({ attributes: { a: "1" } }) }),
    ).toEqual({
      attributes: { a: "1" },
    });
  });
});
