import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import { join, resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../../base/errors/errors.ts";
import { tenantId } from "../../base/lib/ids.ts";
import { isLocalChain, LOCAL_CHAIN_ID } from "../../base/lib/localChain.ts";
import { KIB } from "../../base/lib/sizes.ts";
import { MILLISECONDS_PER_MINUTE, SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import type { Hex, RegionCode, TenantId } from "../../base/types/ids.ts";
import { readNetworkSettings } from "./networkFile.ts";
import { SIGNER_ROLES, signerSetting, type SignerRole, type SignerSetting } from "./signerSettings.ts";
import { COUNTRY_CODE, HTTP_SCHEME, REGION_CODE, WORD32_ANY_CASE } from "../../base/lib/textPatterns.ts";

const word32 = z
  .string()
  .regex(WORD32_ANY_CASE, "must be 0x and 64 hex digits")
  .transform((text) => text as Hex);
const privateKey = word32;
/** `host:port`, several of them parted by commas. */
const addresses = z
  .string()
  .transform((text) => text.split(",").map((each) => each.trim().toLowerCase()))
  .refine(
    (list) => list.every((each) => /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):[1-9][0-9]{0,4}$/.test(each)),
    "must be host:port, or several of them parted by commas",
  );
/** Regions' codes parted by commas. */
const regions = z
  .string()
  .transform((text) => text.split(",").map((each) => each.trim() as RegionCode))
  .refine((list) => list.every((each) => REGION_CODE.test(each)), "must be regions' codes parted by commas");
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const DEFAULT_FOLDER = ".microtonne";
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Every setting of the process environment; `.env.example` documents them one by one and a test keeps it
 * complete.
 */
export const SETTINGS = z.object({
  MICROTONNE_FOLDER: z.string().min(1).default(DEFAULT_FOLDER),
  MICROTONNE_TENANT: z.string().default("local"),
  MICROTONNE_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("warn"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  MICROTONNE_RPC_URL: z.url({ protocol: HTTP_SCHEME }).optional(),
  MICROTONNE_CHAIN_ID: count(1, Number.MAX_SAFE_INTEGER).default(LOCAL_CHAIN_ID),
  MICROTONNE_DEPLOYMENT: z.string().min(1).optional(),
  MICROTONNE_FINALITY_DEPTH: count(0, 10_000).default(0),
  MICROTONNE_POLL_MILLISECONDS: count(10, MILLISECONDS_PER_MINUTE).default(100),
  MICROTONNE_NETWORK: z.string().min(1).optional(),
  MICROTONNE_OPERATOR_PRIVATE_KEY: privateKey.optional(),
  MICROTONNE_VERIFIER_PRIVATE_KEY: privateKey.optional(),
  MICROTONNE_REGISTRAR_PRIVATE_KEY: privateKey.optional(),
  MICROTONNE_REGISTRAR_REGIONS: regions.optional(),
  MICROTONNE_RULES_REACH_BACK: z.enum(["refused", "taken"]).default("refused"),
  MICROTONNE_OPERATOR_SIGNER: z.string().min(1).optional(),
  MICROTONNE_OPERATOR_PASSWORD_FILE: z.string().min(1).optional(),
  MICROTONNE_VERIFIER_SIGNER: z.string().min(1).optional(),
  MICROTONNE_VERIFIER_PASSWORD_FILE: z.string().min(1).optional(),
  MICROTONNE_REGISTRAR_SIGNER: z.string().min(1).optional(),
  MICROTONNE_REGISTRAR_PASSWORD_FILE: z.string().min(1).optional(),
  MICROTONNE_AUTHORITY_SIGNER: z.string().min(1).optional(),
  MICROTONNE_AUTHORITY_PASSWORD_FILE: z.string().min(1).optional(),
  MICROTONNE_HOLDER_SIGNER: z.string().min(1).optional(),
  MICROTONNE_HOLDER_PASSWORD_FILE: z.string().min(1).optional(),
  MICROTONNE_KEY_SERVICE: z.enum(["development"]).optional(),
  MICROTONNE_DEVELOPMENT_KEYS_CHAIN: count(1, Number.MAX_SAFE_INTEGER).optional(),
  MICROTONNE_BUFFER_BPS: count(0, WHOLE_BPS).default(500),
  MICROTONNE_CLAIM_PERIOD_DAYS: count(0, 3650).default(90),
  MICROTONNE_HOST_COUNTRY: z.string().regex(COUNTRY_CODE, "must be an ISO 3166-1 alpha-2 code").optional(),
  MICROTONNE_PLACE_OF_ACTS: z.string().regex(REGION_CODE, "must match [A-Z0-9]{2,8}").optional(),
  MICROTONNE_CORRESPONDING_ADJUSTMENT: z.enum(["none", "authorised", "applied"]).default("none"),
  MICROTONNE_TITLE_KIND: z.enum(["consent-scope", "programme", "project-owner"]).optional(),
  MICROTONNE_TITLE_DOCUMENT: word32.transform((text) => text.toLowerCase() as Hex).optional(),
  MICROTONNE_STATEMENT_HOURS: count(1, 24 * 30).default(72),
  MICROTONNE_WEBHOOK_ALLOW: addresses.optional(),
  MICROTONNE_REHEARSAL: z.enum(["yes", "no"]).default("no"),
  MICROTONNE_MAX_SIGNATURE_AGE_DAYS: count(1, 3650).default(30),
  MICROTONNE_MAX_INPUT_BYTES: count(1, 2 ** 45).default(2 ** 36),
  MICROTONNE_MAX_ROW_BYTES: count(64, 2 ** 26).default(2 ** 16),
  MICROTONNE_MAX_INFLATION_RATIO: count(1, 10_000).default(200),
  MICROTONNE_HTTP_HOST: z.string().min(1).default("127.0.0.1"),
  MICROTONNE_HTTP_PORT: count(0, 65_535).default(8080),
  MICROTONNE_HTTP_BODY_BYTES: count(KIB, 2 ** 28).default(2 ** 23),
  MICROTONNE_HTTP_REQUESTS_PER_MINUTE: count(1, 10 ** 9).default(1200),
  MICROTONNE_HTTP_TRUSTED_PROXIES: count(0, 10).default(0),
});

const SETTING_OF_ROLE = {
  operator: "OPERATOR",
  verifier: "VERIFIER",
  registrar: "REGISTRAR",
  authority: "AUTHORITY",
  holder: "HOLDER",
} as const satisfies Record<SignerRole, string>;

export interface Config {
  readonly folder: string;
  readonly tenant: TenantId;
  readonly logLevel: string;
  readonly databaseUrl: string | null;
  readonly chain: {
    /** Null: the embedded chain, started and stopped by us. */
    readonly rpcUrl: string | null;
    readonly chainId: number;
    /** The deployment file; of the embedded chain it is written by us. */
    readonly deploymentFile: string;
    /** Blocks on top of a transaction's own before it counts as final. */
    readonly finalityDepth: number;
    readonly pollMilliseconds: number;
  };
  /** Who signs as what; null where the settings name nobody. */
  readonly signers: Readonly<Record<SignerRole, SignerSetting | null>>;
  /** Who publishes and withdraws rules, and for which regions; null where the settings name nobody. */
  readonly registrar: { readonly signer: SignerSetting; readonly regions: readonly RegionCode[] } | null;
  /** Who derives subject and activity keys; null where the settings name nobody. */
  readonly keyService: "development" | null;
  /** On a local network to try out past years: the chain is as old as its folder. */
  readonly rulesReachBack: boolean;
  /** The one chain beside the local one on which development keys may work; null: none. */
  readonly developmentKeysChain: number | null;
  readonly bufferBps: number;
  readonly claimPeriodDays: number;
  /** What batches say beside what follows from their leaves; null: not given. */
  readonly terms: {
    /** ISO 3166-1 alpha-2. */
    readonly hostCountry: string | null;
    /** Null: the region whose rule counts the acts. */
    readonly placeOfActs: RegionCode | null;
    readonly correspondingAdjustment: "none" | "authorised" | "applied";
    readonly title: {
      readonly kind: "consent-scope" | "programme" | "project-owner";
      /** keccak-256 of the document. */
      readonly documentHash: Hex;
    } | null;
  };
  /** How long verifiers' signatures stay good, seconds. */
  readonly statementSeconds: number;
  /**
   * `host:port` of receivers that webhooks may reach over plain HTTP and at private addresses; empty except
   * on a local network.
   */
  readonly webhookAllow: readonly string[];
  /**
   * True where a local network rehearses in one sitting what takes months: a notice is over at once, and a
   * version may begin before it is published.
   */
  readonly rehearsal: boolean;
  /** Files that a provider signed longer ago are refused. */
  readonly signatureAgeDays: number;
  readonly caps: { readonly inputBytes: number; readonly rowBytes: number; readonly inflationRatio: number };
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Of one request's body; what is larger comes as an upload, in pieces. */
    readonly bodyBytes: number;
    /** Of one key, in one process. */
    readonly requestsPerMinute: number;
    /** How many proxies in front of the service say whom they speak for. */
    readonly trustedProxies: number;
  };
}

/** What a caller says: the folder wins over the environment, the tenant is for where that names none. */
interface Override {
  readonly folder?: string | undefined;
  readonly tenant?: TenantId;
}

/**
 * The settings of this process: of its environment, then of its network's file; nothing else in `src` reads
 * the environment. @throws as `parseConfig`, `readNetworkSettings`
 */
export function processConfig(override: Override): Config {
  const given = withoutEmpty(process.env);
  const { folder, network } = processPlaces(override);
  const ofNetwork = readNetworkSettings(network, folder);
  // One key for a role: that of the environment stands in for the file's, whatever kind either is of.
  for (const name of Object.values(SETTING_OF_ROLE))
    if (given[`MICROTONNE_${name}_PRIVATE_KEY`] !== undefined) delete ofNetwork[`MICROTONNE_${name}_SIGNER`];
  return parseConfig({ ...ofNetwork, ...given }, override);
}

/** Where this process works, before its network is known: a command that makes the network's file asks. */
export function processPlaces(override: Pick<Override, "folder">): {
  readonly folder: string;
  readonly network: string | undefined;
} {
  const given = withoutEmpty(process.env);
  return {
    folder: resolve(override.folder ?? given["MICROTONNE_FOLDER"] ?? DEFAULT_FOLDER),
    network: given["MICROTONNE_NETWORK"],
  };
}

function withoutEmpty(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (one): one is [string, string] => one[1] !== undefined && one[1] !== "",
    ),
  );
}

/**
 * Parses settings.
 * @throws UsageError `config.invalid` that names each wrong setting (never its value: it may be a secret)
 */
export function parseConfig(environment: Environment, override: Override = {}): Config {
  const given = withoutEmpty(environment);
  const parsed = SETTINGS.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    throw new UsageError(
      "config.invalid",
      `These settings are wrong: ${faults}. See .env.example for what each may be.`,
    );
  }
  const value = parsed.data;
  const folder = resolve(override.folder ?? value.MICROTONNE_FOLDER);
  if (value.MICROTONNE_RPC_URL !== undefined && value.MICROTONNE_DEPLOYMENT === undefined) {
    throw new UsageError(
      "config.deployment",
      "MICROTONNE_RPC_URL is set, so MICROTONNE_DEPLOYMENT must name the deployment file of that network.",
    );
  }
  if (value.MICROTONNE_RPC_URL === undefined && !isLocalChain(value.MICROTONNE_CHAIN_ID)) {
    throw new UsageError(
      "config.chain",
      `MICROTONNE_CHAIN_ID other than ${String(LOCAL_CHAIN_ID)} needs MICROTONNE_RPC_URL: the embedded ` +
        `chain is always ${String(LOCAL_CHAIN_ID)}.`,
    );
  }
  const signers = signersOf(value);
  const registrarRegions = value.MICROTONNE_REGISTRAR_REGIONS;
  if (signers.registrar !== null && registrarRegions === undefined) {
    throw new UsageError(
      "config.registrar-regions",
      "A registrar's key is set (MICROTONNE_REGISTRAR_PRIVATE_KEY or MICROTONNE_REGISTRAR_SIGNER), so " +
        "MICROTONNE_REGISTRAR_REGIONS must name the regions for which it publishes, parted by commas.",
    );
  }
  if (value.MICROTONNE_WEBHOOK_ALLOW !== undefined && !isLocalChain(value.MICROTONNE_CHAIN_ID)) {
    throw new UsageError(
      "config.webhook-allow",
      "MICROTONNE_WEBHOOK_ALLOW opens private addresses to tenants and is for the local network (chain " +
        `${String(LOCAL_CHAIN_ID)}) only. Leave it empty.`,
    );
  }
  const rulesReachBack = value.MICROTONNE_RULES_REACH_BACK === "taken";
  if (rulesReachBack && !isLocalChain(value.MICROTONNE_CHAIN_ID)) {
    throw new UsageError(
      "config.rules-reach-back",
      "MICROTONNE_RULES_REACH_BACK=taken takes over rules that begin before they were published, to try " +
        `out past years on the local network (chain ${String(LOCAL_CHAIN_ID)}) only. Leave it out.`,
    );
  }
  if (value.MICROTONNE_REHEARSAL === "yes" && !isLocalChain(value.MICROTONNE_CHAIN_ID)) {
    throw new UsageError(
      "config.rehearsal",
      "MICROTONNE_REHEARSAL skips notices and lets rules reach back, and is for the local network (chain " +
        `${String(LOCAL_CHAIN_ID)}) only. Leave it empty.`,
    );
  }
  const { MICROTONNE_TITLE_KIND: titleKind, MICROTONNE_TITLE_DOCUMENT: titleDocument } = value;
  if ((titleKind === undefined) !== (titleDocument === undefined)) {
    throw new UsageError(
      "config.title",
      "MICROTONNE_TITLE_KIND and MICROTONNE_TITLE_DOCUMENT belong together: set both or neither.",
    );
  }
  return {
    folder,
    tenant: given["MICROTONNE_TENANT"]
      ? tenantId(value.MICROTONNE_TENANT)
      : (override.tenant ?? tenantId(value.MICROTONNE_TENANT)),
    logLevel: value.MICROTONNE_LOG_LEVEL,
    databaseUrl: value.DATABASE_URL ?? null,
    chain: {
      rpcUrl: value.MICROTONNE_RPC_URL ?? null,
      chainId: value.MICROTONNE_CHAIN_ID,
      deploymentFile: value.MICROTONNE_DEPLOYMENT ?? join(folder, "deployment.json"),
      finalityDepth: value.MICROTONNE_FINALITY_DEPTH,
      pollMilliseconds: value.MICROTONNE_POLL_MILLISECONDS,
    },
    signers,
    registrar:
      signers.registrar === null || registrarRegions === undefined
        ? null
        : { signer: signers.registrar, regions: registrarRegions },
    keyService:
      value.MICROTONNE_KEY_SERVICE ??
      (isLocalChain(value.MICROTONNE_CHAIN_ID) || value.MICROTONNE_DEVELOPMENT_KEYS_CHAIN !== undefined
        ? "development"
        : null),
    developmentKeysChain: value.MICROTONNE_DEVELOPMENT_KEYS_CHAIN ?? null,
    rulesReachBack,
    bufferBps: value.MICROTONNE_BUFFER_BPS,
    claimPeriodDays: value.MICROTONNE_CLAIM_PERIOD_DAYS,
    terms: {
      hostCountry: value.MICROTONNE_HOST_COUNTRY ?? null,
      placeOfActs: (value.MICROTONNE_PLACE_OF_ACTS as RegionCode | undefined) ?? null,
      correspondingAdjustment: value.MICROTONNE_CORRESPONDING_ADJUSTMENT,
      title: titleKind && titleDocument ? { kind: titleKind, documentHash: titleDocument } : null,
    },
    statementSeconds: value.MICROTONNE_STATEMENT_HOURS * SECONDS_PER_HOUR,
    webhookAllow: value.MICROTONNE_WEBHOOK_ALLOW ?? [],
    rehearsal: value.MICROTONNE_REHEARSAL === "yes",
    signatureAgeDays: value.MICROTONNE_MAX_SIGNATURE_AGE_DAYS,
    caps: {
      inputBytes: value.MICROTONNE_MAX_INPUT_BYTES,
      rowBytes: value.MICROTONNE_MAX_ROW_BYTES,
      inflationRatio: value.MICROTONNE_MAX_INFLATION_RATIO,
    },
    http: {
      host: value.MICROTONNE_HTTP_HOST,
      port: value.MICROTONNE_HTTP_PORT,
      bodyBytes: value.MICROTONNE_HTTP_BODY_BYTES,
      requestsPerMinute: value.MICROTONNE_HTTP_REQUESTS_PER_MINUTE,
      trustedProxies: value.MICROTONNE_HTTP_TRUSTED_PROXIES,
    },
  };
}

/**
 * @throws UsageError `config.signer` where a role has two keys, its setting names none, or two roles would
 * retire
 */
function signersOf(value: z.output<typeof SETTINGS>): Config["signers"] {
  const settingOf = (role: SignerRole): SignerSetting | null => {
    const name = SETTING_OF_ROLE[role];
    const text = value[`MICROTONNE_${name}_SIGNER`];
    const plainKey =
      name === "AUTHORITY" || name === "HOLDER" ? undefined : value[`MICROTONNE_${name}_PRIVATE_KEY`];
    if (text === undefined) return plainKey === undefined ? null : { kind: "key", privateKey: plainKey };
    if (plainKey !== undefined)
      throw new UsageError(
        "config.signer",
        `MICROTONNE_${name}_SIGNER and MICROTONNE_${name}_PRIVATE_KEY both say who signs. Leave one empty.`,
      );
    const passwordFile = value[`MICROTONNE_${name}_PASSWORD_FILE`] ?? null;
    return signerSetting(text, passwordFile, `MICROTONNE_${name}_SIGNER`);
  };
  const entries = SIGNER_ROLES.map((role) => [role, settingOf(role)] as const);
  const signers = Object.fromEntries(entries) as Record<SignerRole, SignerSetting | null>;
  if (signers.operator !== null && signers.holder !== null)
    throw new UsageError(
      "config.signer",
      "An operator's and a holder's key are set, and either could retire. Give the holder a data folder of " +
        "its own.",
    );
  return signers;
}
