import { z } from "zod";
import { proposeFor } from "../../../app/profiles/initProfile.ts";
import { bytesSource } from "../../../app/sources/bytesSource.ts";
import { inTenantsTurn } from "../../../app/service/inTenantsTurn.ts";
import { bodyCapsOf } from "../../../app/sources/checkBodyRows.ts";
import { checkBytes } from "../../../app/profiles/checkBytes.ts";
import { lookupFiles, putLookupFile, removeLookupFile } from "../../../app/profiles/lookupFiles.ts";
import {
  putProfile,
  removeProfile,
  showTenantProfile,
  tenantProfiles,
} from "../../../app/profiles/tenantProfiles.ts";
import { FILE_TYPES } from "../schemas/fileTypes.ts";
import { ok, route, type Answer } from "../pipeline/route.ts";
import { providerId, regionCode, word } from "../schemas/common.ts";

const summary = z
  .object({
    name: z.string(),
    own: z.boolean().meta({ description: "True: yours. False: one that ships." }),
    description: z.string(),
    provider: z.string(),
    region: z.string(),
    format: z.string(),
    hash: word,
    lookups: z.array(z.string()).meta({ description: "Names of the lookup files that it needs." }),
  })
  .meta({ id: "ProfileSummary" });
const whole = summary
  .extend({ text: z.string().meta({ description: "The profile as YAML." }) })
  .meta({ id: "Profile" });
const check = z
  .object({
    name: z.string(),
    description: z.string(),
    provider: z.string(),
    region: z.string(),
    format: z.string(),
    dates: z.unknown().meta({
      description: "What the dates of the file look like; null where day and month can't be exchanged.",
    }),
    counts: z
      .object({
        read: z.int(),
        acts: z.int(),
        quantities: z
          .record(z.string(), z.string())
          .meta({ description: "Sum of the acts' quantities by unit, decimals." }),
        refused: z.array(
          z.object({
            code: z.string(),
            field: z.string().nullable(),
            rows: z.int(),
            firstRow: z.int(),
            sentence: z.string(),
          }),
        ),
      })
      .nullable()
      .meta({ description: "What all rows of what was sent come to." }),
    rows: z.array(z.object({ row: z.int() }).loose()),
  })
  .meta({ id: "ProfileCheck" });
const lookup = z.object({ name: z.string(), bytes: z.int() }).meta({ id: "LookupFile" });
const byName = z.strictObject({ name: z.string().min(1).max(200).meta({ example: "city-bikes" }) });
const gone: Answer = { status: 204, empty: true };

/** Profiles map a provider's files to activity records; lookup files hold what they join. */
export const profileRoutes = [
  route({
    method: "get",
    path: "/v1/profiles",
    operationId: "listProfiles",
    tag: "Profiles",
    summary: "Your own profiles and those that ship",
    role: "read",
    answers: { 200: { description: "By name.", json: z.object({ profiles: z.array(summary) }) } },
    handle: async ({ context }) => ok({ profiles: await tenantProfiles(context) }),
  }),
  route({
    method: "get",
    path: "/v1/profiles/{name}",
    operationId: "getProfile",
    tag: "Profiles",
    summary: "One profile, with its YAML",
    role: "read",
    params: byName,
    answers: { 200: { description: "The profile.", json: whole } },
    handle: async ({ context, params }) => ok(await showTenantProfile(context, params.name)),
  }),
  route({
    method: "put",
    path: "/v1/profiles/{name}",
    operationId: "putProfile",
    tag: "Profiles",
    summary: "Put a profile of your own",
    description: "The body is the YAML. It is checked whole; a profile of that name is replaced.",
    role: "admin",
    params: byName,
    files: {
      types: ["application/yaml", "text/yaml", "application/octet-stream"],
      description: "The profile, YAML.",
    },
    answers: { 200: { description: "The profile.", json: whole } },
    handle: async ({ context, params, bytes }) => ok(await putProfile(context, params.name, bytes)),
  }),
  route({
    method: "delete",
    path: "/v1/profiles/{name}",
    operationId: "deleteProfile",
    tag: "Profiles",
    summary: "Remove a profile of your own",
    role: "admin",
    params: byName,
    answers: { 204: { description: "It is gone." } },
    async handle({ context, params }) {
      await removeProfile(context, params.name);
      return gone;
    },
  }),
  route({
    method: "post",
    path: "/v1/profiles/{name}/check",
    operationId: "checkProfile",
    tag: "Profiles",
    summary: "See how a profile maps a file: its first rows, and counts of all; nothing is stored",
    role: "ingest",
    params: byName,
    query: z.strictObject({ rows: z.coerce.number().int().min(1).max(1000).default(10) }),
    files: { types: FILE_TYPES, description: "A provider's file, or the beginning of one." },
    answers: { 200: { description: "The rows, mapped or refused.", json: check } },
    handle: async ({ service, context, params, query, bytes, signal }) =>
      ok(
        await inTenantsTurn(
          service,
          context.tenant,
          () => checkBytes(context, service.lookupTables, { profile: params.name, rows: query.rows, bytes }),
          signal,
        ),
      ),
  }),
  route({
    method: "post",
    path: "/v1/profile-proposals",
    operationId: "proposeProfile",
    tag: "Profiles",
    summary: "Have a profile proposed for a file, with its doubts; nothing is stored",
    description:
      "What you name is taken; everything else is a guess, and each guess is a doubt. Go through them, " +
      "put the profile, and check it.",
    role: "ingest",
    query: z.strictObject({
      fileName: z.string().min(1).max(200).default("file"),
      name: z
        .string()
        .max(64)
        .optional()
        .meta({ description: "The profile's name; from the file's name if not given." }),
      provider: providerId.optional(),
      region: regionCode.optional(),
      zone: z
        .string()
        .max(100)
        .optional()
        .meta({ description: "Of times without an offset.", example: "Asia/Shanghai" }),
      scenario: z
        .string()
        .max(64)
        .optional()
        .meta({ description: "Scenario class of every row.", example: "bike" }),
    }),
    files: { types: FILE_TYPES, description: "A provider's file, or the beginning of one." },
    answers: {
      200: {
        description: "The proposal.",
        json: z
          .object({
            name: z.string(),
            doubts: z.array(z.string()),
            profile: z.string().meta({ description: "YAML." }),
          })
          .meta({ id: "ProfileProposal" }),
      },
    },
    async handle({ service, context, query, bytes, signal }) {
      const { fileName, name = null, provider = null, region = null, zone = null, scenario = null } = query;
      const { config } = context;
      const caps = bodyCapsOf(config);
      const classes = context.classLists.newest;
      const request = { fileName, name, provider, region, zone, scenario, config, caps, classes };
      return ok(
        await inTenantsTurn(service, context.tenant, () => proposeFor(bytesSource(bytes), request), signal),
      );
    },
  }),
  route({
    method: "get",
    path: "/v1/lookups",
    operationId: "listLookupFiles",
    tag: "Profiles",
    summary: "Your lookup files",
    role: "read",
    answers: { 200: { description: "By name.", json: z.object({ lookups: z.array(lookup) }) } },
    handle: async ({ context }) => ok({ lookups: await lookupFiles(context) }),
  }),
  route({
    method: "put",
    path: "/v1/lookups/{name}",
    operationId: "putLookupFile",
    tag: "Profiles",
    summary: "Put a lookup file (stations, fares), plain or gzip",
    role: "admin",
    params: byName,
    files: { types: FILE_TYPES, description: "The file." },
    answers: { 200: { description: "The file.", json: lookup } },
    handle: async ({ context, params, bytes }) => ok(await putLookupFile(context, params.name, bytes)),
  }),
  route({
    method: "delete",
    path: "/v1/lookups/{name}",
    operationId: "deleteLookupFile",
    tag: "Profiles",
    summary: "Remove a lookup file",
    role: "admin",
    params: byName,
    answers: { 204: { description: "It is gone." } },
    async handle({ context, params }) {
      await removeLookupFile(context, params.name);
      return gone;
    },
  }),
];
