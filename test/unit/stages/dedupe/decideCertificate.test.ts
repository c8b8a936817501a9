import { describe, expect, it } from "vitest";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { decideCertificate } from "../../../../src/stages/dedupe/decideCertificate.ts";
import { certificatePolicy } from "../../../../src/stages/quantify/certificatePolicy.ts";

const CERTIFICATE = {
  id: "GEC-1",
  asset: `0x${"44".repeat(32)}`,
  firstDay: 10 as Day,
  lastDay: 20 as Day,
  microKwh: 5n,
} as const;

describe("a certificate of another registry", () => {
  it("comes in where nothing is counted that it touches", () => {
    expect(
      decideCertificate(CERTIFICATE, { standing: null, classes: [], certified: 0n }, certificatePolicy),
    ).toBe("added");
    const used = { standing: null, classes: ["ev-charging", "electricity-saving"], certified: 0n };
    expect(decideCertificate(CERTIFICATE, used, certificatePolicy)).toBe("added");
  });

  it("gives way to what was admitted first, and to what nobody says to be indifferent", () => {
    for (const scenario of ["pv-generation", "something-new"])
      expect(
        decideCertificate(
          CERTIFICATE,
          { standing: null, classes: ["ev-charging", scenario], certified: 0n },
          certificatePolicy,
        ),
      ).toBe("certificate.counted");
    expect(
      decideCertificate(CERTIFICATE, { standing: null, classes: ["x"], certified: 0n }, () => "lowers"),
    ).toBe("certificate.counted");
  });

  it("is refused where its meter's month would hold more than the store counts", () => {
    const beside = (certified: bigint) =>
      decideCertificate(CERTIFICATE, { standing: null, classes: [], certified }, certificatePolicy);
    expect(beside(2n ** 63n - 6n)).toBe("added");
    expect(beside(2n ** 63n - 5n)).toBe("certificate.sum");
  });

  it("is one claim however often it comes, and never changes", () => {
    const around = (more: object) => ({
      standing: { ...CERTIFICATE, ...more },
      classes: ["pv-generation"],
      certified: 0n,
    });
    expect(decideCertificate(CERTIFICATE, around({}), certificatePolicy)).toBe("repeated");
    for (const more of [{ firstDay: 11 }, { lastDay: 21 }, { microKwh: 6n }])
      expect(decideCertificate(CERTIFICATE, around(more), certificatePolicy)).toBe("certificate.differs");
  });
});
