import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bigEndian, concatBytes, fromHex, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { activityMessage, subjectCommitment, subjectlessMessage } from "../../../../src/format/batch/keys.ts";
import { toldCodeOf, vectors } from "../support/vectors.ts";

interface Keyed {
  startedAt: number;
  year: number;
  message: string;
  activityKey: string;
}
const file = vectors("keys") as {
  hmacDev: { rootText: string; rootKey: string; dedupeKeys: { year: number; key: string }[] };
  withSubject: (Keyed & { subjectKey: string; scenarioClass: number })[];
  withoutSubject: (Keyed & { provider: string; recordId: string })[];
};
const subject = new Uint8Array(32).fill(7) as SubjectKey;
const at = (seconds: number) => seconds as UnixSeconds;

describe("key messages", () => {
  it("are those of the vectors", () => {
    for (const vector of file.withSubject) {
      const { year, message } = activityMessage(
        fromHex(vector.subjectKey) as SubjectKey,
        vector.scenarioClass,
        at(vector.startedAt),
      );
      expect([year, toHex(message)]).toEqual([vector.year, vector.message]);
    }
    for (const { provider, recordId, startedAt, ...vector } of file.withoutSubject) {
      const { year, message } = subjectlessMessage({
        provider: providerId(provider),
        recordId,
        startedAt: at(startedAt),
      });
      expect([year, toHex(message)]).toEqual([vector.year, vector.message]);
    }
  });

  it("lead to the published keys of hmac-dev", () => {
    expect(toHex(keccak(utf8(file.hmacDev.rootText)))).toBe(file.hmacDev.rootKey);
    for (const { year, message, activityKey } of [...file.withSubject, ...file.withoutSubject]) {
      const dedupeKey = createHmac("sha256", fromHex(file.hmacDev.rootKey))
        .update(`microtonne/hmac-dev/dedupe/${String(year)}`)
        .digest();
      expect(`0x${createHmac("sha256", dedupeKey).update(fromHex(message)).digest("hex")}`).toBe(activityKey);
    }
  });

  it("are the same within a minute and another in the next, class by class", () => {
    const base = toHex(activityMessage(subject, 1, at(120)).message);
    expect(toHex(activityMessage(subject, 1, at(179)).message)).toBe(base);
    expect(toHex(activityMessage(subject, 1, at(180)).message)).not.toBe(base);
    expect(toHex(activityMessage(subject, 2, at(120)).message)).not.toBe(base);
  });

  it("choose the year by UTC", () => {
    const newYear = Date.UTC(2026, 0, 1) / 1000;
    expect(activityMessage(subject, 1, at(newYear - 1)).year).toBe(2025);
    expect(activityMessage(subject, 1, at(newYear)).year).toBe(2026);
  });

  it("tell where a provider id ends and a record id begins", () => {
    const one = subjectlessMessage({
      provider: providerId("wuhan-metro"),
      recordId: "r-1",
      startedAt: at(0),
    });
    const other = subjectlessMessage({
      provider: providerId("wuhan-metr"),
      recordId: "or-1",
      startedAt: at(0),
    });
    expect(toHex(one.message)).not.toBe(toHex(other.message));
    expect(one.message.length).toBe(33);
  });

  it("refuse what has no message", () => {
    expect(toldCodeOf(() => activityMessage(subject, 1, at(-1)))).toBe("key.malformed");
    expect(toldCodeOf(() => activityMessage(subject, 1, at(0.5)))).toBe("key.malformed");
    expect(toldCodeOf(() => activityMessage(subject, 0, at(0)))).toBe("key.malformed");
    expect(toldCodeOf(() => activityMessage(subject, 65_536, at(0)))).toBe("key.malformed");
    expect(toldCodeOf(() => activityMessage(subject.slice(1) as SubjectKey, 1, at(0)))).toBe("key.malformed");
    expect(toldCodeOf(() => activityMessage(subject, 1.5, at(0)))).toBe("key.malformed");
    for (const code of [1, 65_535])
      expect(toldCodeOf(() => activityMessage(subject, code, at(0)))).toBe("accepted");
  });

  it("are the bytes of the definition up to the last minute and class that there are", () => {
    for (const [seconds, code] of [
      [0, 1],
      [59, 255],
      [60 * 256, 256],
      [4_102_444_800, 65_535],
    ] as const) {
      const message = concatBytes(
        Uint8Array.of(1),
        subject,
        bigEndian(code, 2),
        bigEndian(Math.floor(seconds / 60), 8),
      );
      expect(toHex(activityMessage(subject, code, at(seconds)).message)).toBe(toHex(message));
    }
  });
});

describe("the commitment to subject keys", () => {
  const one = { kind: "card", publicKey: `0x${"11".repeat(32)}` } as const;
  const other = { kind: "phone", publicKey: `0x${"22".repeat(32)}` } as const;

  it("is the hash of their list, kinds ascending, without what stands beside them", () => {
    const told = (key: typeof one | typeof other) => `{"kind":"${key.kind}","publicKey":"${key.publicKey}"}`;
    const json = `[${told(one)},${told(other)}]`;
    expect(subjectCommitment([{ ...one, note: "x" } as typeof one, other])).toBe(toHex(keccak(utf8(json))));
    expect(subjectCommitment([other])).not.toBe(subjectCommitment([one]));
  });

  it("is none of an empty list, of kinds that do not ascend, or of one twice", () => {
    for (const list of [[], [other, one], [one, one], [one, other, one]])
      expect([list, toldCodeOf(() => subjectCommitment(list))]).toEqual([list, "key.malformed"]);
    expect(toldCodeOf(() => subjectCommitment([{ ...one, kind: "" }, other]))).toBe("accepted");
  });
});
