import type { CertificatePolicy } from "../../base/types/reduction.ts";
import type { Certificate, CertificateOutcome, CertificateSurroundings } from "./ports.ts";

/**
 * What becomes of a certificate of another registry. Whatever is admitted already keeps: a certificate that
 * would void or lower it is refused, and told so, until somebody has taken that back.
 * @param policyOf what certificates do to the acts of a class
 */
export function decideCertificate(
  certificate: Certificate,
  { standing, classes }: CertificateSurroundings,
  policyOf: (scenario: string) => CertificatePolicy,
): CertificateOutcome {
  if (standing !== null) {
    const isSame =
      standing.firstDay === certificate.firstDay &&
      standing.lastDay === certificate.lastDay &&
      standing.microKwh === certificate.microKwh;
    return isSame ? "repeated" : "certificate.differs";
  }
  return classes.some((scenario) => policyOf(scenario) !== "indifferent") ? "certificate.counted" : "added";
}
