/**
 * What a key to the HTTP service may do; it has one or more. `read`: look at everything of its tenant.
 * `ingest`: send activity records. `operate`: close, mint, retire. `admin`: keys, profiles, lookup files,
 * webhooks, providers' keys. `metrics`: the service's own figures.
 */
export const ROLES = ["read", "ingest", "operate", "admin", "metrics"] as const;
export type Role = (typeof ROLES)[number];

/** Narrows names to roles; unknown ones are dropped, so that a key never gains by a newer program's role. */
export function knownRoles(names: readonly string[]): Role[] {
  return ROLES.filter((role) => names.includes(role));
}
