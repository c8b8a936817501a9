import type { CertificatePolicy } from "../../base/types/reduction.ts";
import listed from "./certificate-policies.json" with { type: "json" };

const POLICIES = new Map(listed.map(([scenario = "", policy]) => [scenario, policy as CertificatePolicy]));

/**
 * What a green certificate for a meter's energy does to the acts of a class on that meter. Who uses or saves
 * energy claims nothing of how it was made; whatever is not listed is taken to generate it, and is void.
 */
export function certificatePolicy(scenario: string): CertificatePolicy {
  return POLICIES.get(scenario) ?? "voids";
}
