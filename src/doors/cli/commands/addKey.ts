import type { Command } from "commander";
import { createApiKey } from "../../../app/apiKeys/createApiKey.ts";
import { describeApiKeys, type ApiKeyDescription } from "../../../app/apiKeys/describeApiKeys.ts";
import { revokeApiKey } from "../../../app/apiKeys/revokeApiKey.ts";
import { ROLES, type Role } from "../../../app/apiKeys/roles.ts";
import type { Context } from "../../../app/context.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { tenantId } from "../../../base/lib/ids.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { act, STORED, optionOf, type Run } from "../command.ts";

interface TenantOption {
  tenant?: TenantId;
}

/** `microtonne key`: keys to the HTTP service. */
export function addKey(program: Command): void {
  const key = program
    .command("key")
    .addHelpText(
      "after",
      '\nExample:\n  microtonne key create --label "city metro" --roles ingest,read --days 90',
    );
  addCreate(key);
  addList(key);
  addRevoke(key);
}

function addCreate(key: Command): void {
  const command = key
    .command("create")
    .description("Make a key. Its token is shown once; only its hash is kept.")
    .requiredOption("--label <text>", "what the key is for")
    .option(
      "--roles <list>",
      `roles, separated by commas: ${ROLES.join(", ")} (default: all)`,
      optionOf(roleList),
    )
    .option("--days <number>", "days until it expires (default: until it is revoked)", optionOf(dayCount))
    .option(
      "--tenant <id>",
      "pooling operator; a new one is entered (default: MICROTONNE_TENANT)",
      optionOf(tenantId),
    )
    .addHelpText(
      "after",
      `
read looks at everything of its tenant, ingest sends activity records, operate closes, mints and
retires, admin keeps keys, profiles, lookup files and webhooks, metrics reads the service's own
figures.

Example:
  microtonne key create --label "city metro" --roles ingest,read --days 90`,
    );
  act<TenantOption & { label: string; roles?: readonly Role[]; days?: number }>(
    command,
    async (run, options) => {
      const made = await run.withContext((context) => {
        const expiresAt =
          options.days === undefined
            ? null
            : ((context.clock.now() + options.days * SECONDS_PER_DAY) as UnixSeconds);
        return createApiKey(context, {
          tenant: options.tenant ?? context.tenant,
          label: options.label,
          roles: options.roles ?? ROLES,
          expiresAt,
        });
      });
      run.io.result(made, `${textOf(made)}\ntoken     ${made.token}\nIt is shown this once.`);
    },
  );
}

function addList(key: Command): void {
  const command = key
    .command("list")
    .description("All keys of a tenant, oldest first.")
    .option("--tenant <id>", "pooling operator (default: MICROTONNE_TENANT)", optionOf(tenantId))
    .addHelpText("after", "\nExample:\n  microtonne key list");
  act<TenantOption>(command, async (run, options) => {
    const keys = await inTenant(run, options, (context) => describeApiKeys(context));
    run.io.result(keys, keys.length === 0 ? "no keys yet" : keys.map(textOf).join("\n\n"));
  });
}

function addRevoke(key: Command): void {
  const command = key
    .command("revoke")
    .description("Revoke a key, for good.")
    .argument("<id>", "the key's id, the middle part of its token")
    .option("--tenant <id>", "pooling operator (default: MICROTONNE_TENANT)", optionOf(tenantId))
    .addHelpText("after", "\nExample:\n  microtonne key revoke 5f1c9a0be1d24c77");
  act<TenantOption>(command, async (run, options, id) => {
    const revoked = await inTenant(run, options, (context) => revokeApiKey(context, id ?? ""));
    run.io.result(revoked, textOf(revoked));
  });
}

function inTenant<T>(run: Run, { tenant }: TenantOption, work: (context: Context) => Promise<T>): Promise<T> {
  return run.withContext(
    async (context) => work(tenant === undefined ? context : await context.forTenant(tenant)),
    STORED,
  );
}

function textOf({ keyId, label, roles, createdAt, expiresAt, revokedAt }: ApiKeyDescription): string {
  const end = revokedAt === null ? `expires   ${expiresAt ?? "never"}` : `revoked   ${revokedAt}`;
  return [
    `key       ${keyId}`,
    `label     ${label}`,
    `roles     ${roles.join(", ")}`,
    `made      ${createdAt}`,
    end,
  ].join("\n");
}

function roleList(text: string): Role[] {
  const names = text.split(",").map((name) => name.trim());
  return names.map((name) => {
    const role = ROLES.find((one) => one === name);
    if (!role)
      throw new UsageError(
        "api-key.terms",
        `${JSON.stringify(name.slice(0, 40))} is no role; there are ${ROLES.join(", ")}.`,
      );
    return role;
  });
}

function dayCount(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text))
    throw new UsageError("api-key.terms", "Days are a whole number from 1 to 99999.");
  return Number(text);
}
