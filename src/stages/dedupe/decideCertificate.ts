import type { CertificatePolicy } from "../../base/types/reduction.ts";
import type { Certificate, CertificateOutcome, CertificateSurroundings } from "./ports.ts";

/** Millionths of a kWh that the store counts on one meter in one month, or of one certificate. */
export const MAX_MICRO_KWH = 2n ** 63n - 1n;

/**
 * What becomes of a certificate of another registry. Whatever is admitted already keeps: a certificate that
 * would void or lower it is refused, and told so, until somebody has taken that back.
 * @param policyOf what certificates do to the acts of a class
 */
export function decideCertificate(
  certificate: Certificate,
  { standing, classes, certified }: CertificateSurroundings,
  policyOf: (scenario: string) => CertificatePolicy,
): CertificateOutcome {
  if (standing !== null) {
    const isSame =
      standing.firstDay === certificate.firstDay &&
      standing.lastDay === certificate.lastDay &&
      standing.microKwh === certificate.microKwh;
    return isSame ? "repeated" : "certificate.differs";
  }
  if (classes.some((scenario) => policyOf(scenario) !== "indifferent")) return "certificate.counted";
  return certified + certificate.microKwh > MAX_MICRO_KWH ? "certificate.sum" : "added";
}
