import { toHex } from "../../../base/lib/bytes.ts";
import type { Hex, RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Rule, RuleKind, RuleState } from "../../../stages/rules/ports.ts";

export const RULE_COLUMNS = `kind, id, json, region, name, version, time_zone, scenario, valid_from, valid_to,
  state, tenant, proposed_by, published_by, published_at, withdrawn_at`;

export interface RuleRow {
  readonly kind: RuleKind;
  readonly id: Uint8Array;
  readonly json: string;
  readonly region: RegionCode;
  readonly name: string;
  readonly version: string;
  readonly time_zone: string | null;
  readonly scenario: string | null;
  readonly valid_from: bigint;
  readonly valid_to: bigint | null;
  readonly state: RuleState;
  readonly tenant: TenantId;
  readonly proposed_by: Uint8Array | null;
  readonly published_by: Uint8Array | null;
  readonly published_at: bigint | null;
  readonly withdrawn_at: bigint | null;
}

/** Addresses come back in lower case. */
export function ruleOf(row: RuleRow): Rule {
  return {
    kind: row.kind,
    id: toHex(row.id),
    json: row.json,
    region: row.region,
    name: row.name,
    version: row.version,
    timeZone: row.time_zone,
    scenario: row.scenario,
    validFrom: Number(row.valid_from) as UnixSeconds,
    validTo: secondsOrNull(row.valid_to),
    state: row.state,
    tenant: row.tenant,
    proposedBy: hexOrNull(row.proposed_by),
    publishedBy: hexOrNull(row.published_by),
    publishedAt: secondsOrNull(row.published_at),
    withdrawnAt: secondsOrNull(row.withdrawn_at),
  };
}

function secondsOrNull(value: bigint | null): UnixSeconds | null {
  return value === null ? null : (Number(value) as UnixSeconds);
}

function hexOrNull(bytes: Uint8Array | null): Hex | null {
  return bytes === null ? null : toHex(bytes);
}
