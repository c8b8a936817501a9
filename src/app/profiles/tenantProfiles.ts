import { isUtf8 } from "node:buffer";
import {
  deleteProfile,
  findProfile,
  listProfiles,
  saveProfile,
} from "../../adapters/storage/providers/profiles.ts";
import { InputError, UnknownError } from "../../base/errors/errors.ts";
import { parseProfile } from "../../stages/ingest/profile/profile.ts";
import type { Context } from "../context.ts";
import {
  describeProfile,
  describeProfiles,
  profileDescription,
  type ProfileDescription,
} from "./describeProfile.ts";

type Tenant = Pick<Context, "db" | "tenant" | "clock" | "classLists" | "refreshRules">;
/** `own`: the tenant's; else one that ships. */
export type TenantProfile = ProfileDescription & { readonly own: boolean };

/**
 * The tenant's own profiles and those that ship, by name; an own one stands in for a shipped one of the same
 * name.
 */
export async function tenantProfiles({ db, tenant, classLists }: Tenant): Promise<TenantProfile[]> {
  const own = (await listProfiles(db, tenant)).map(({ name, yaml }) => ({
    ...profileDescription(name, parseProfile(yaml, classLists.newest)),
    own: true,
  }));
  const shipped = describeProfiles().map((profile) => ({ ...profile, own: false }));
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...shipped.filter(({ name }) => !names.has(name))].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** One of them, with its YAML text. @throws UsageError `profile.unknown` */
export async function showTenantProfile(
  { db, tenant, classLists }: Tenant,
  name: string,
): Promise<TenantProfile & { readonly text: string }> {
  const own = await findProfile(db, tenant, name);
  if (own)
    return {
      ...profileDescription(name, parseProfile(own.yaml, classLists.newest)),
      own: true,
      text: own.yaml,
    };
  return { ...describeProfile(name), own: false };
}

/**
 * Puts a profile under its own name.
 * @param bytes YAML in UTF-8
 * @throws InputError as `parseProfile`, `profile.yaml`, `profile.name` where the name in it is another
 */
export async function putProfile(
  context: Tenant,
  name: string,
  bytes: Uint8Array,
): Promise<TenantProfile & { readonly text: string }> {
  const yaml = isUtf8(bytes) ? new TextDecoder().decode(bytes) : "\0";
  if (yaml.includes("\0"))
    throw new InputError("profile.yaml", "The profile is no text in UTF-8, or has a NUL character.");
  await context.refreshRules();
  const profile = parseProfile(yaml, context.classLists.newest);
  if (profile.name !== name) {
    throw new InputError("profile.name", `The profile calls itself ${profile.name}; put it under that name.`);
  }
  await saveProfile(context.db, context.tenant, { name, yaml }, context.clock.now());
  return showTenantProfile(context, name);
}

/** @throws UsageError `profile.unknown` where the tenant has no own profile of that name */
export async function removeProfile({ db, tenant }: Tenant, name: string): Promise<void> {
  if (!(await deleteProfile(db, tenant, name))) {
    throw new UnknownError(
      "profile.unknown",
      `You have no profile ${JSON.stringify(name.slice(0, 80))} of your own.`,
    );
  }
}
