import type { Equivalent } from "./equivalent.ts";
import { equivalents as app } from "./equivalents/app.ts";
import { equivalents as format } from "./equivalents/format.ts";
import { equivalents as http } from "./equivalents/http.ts";
import { equivalents as stages } from "./equivalents/stages.ts";
import { equivalents as storage } from "./equivalents/storage.ts";

/** A folder of sources that can be broken, and what judges it. */
export interface MutatedFolder {
  /** Globs of the test files that are run, from the project's root. */
  readonly tests: readonly string[];
  /** Globs of test files among them that are left out: too slow, or in processes of their own. */
  readonly without: readonly string[];
  readonly equivalents: readonly Equivalent[];
}

/** A service that runs in the tests' own process. */
const SERVICE_TESTS = [
  "test/integration/http/{access,closeTerms,contract,idempotency,limits,refusedRequests,uploads}.test.ts",
];

/** Rooms of a house by themselves, each with the tests in one process that lead through it. */
function roomsOf(
  house: string,
  equivalents: readonly Equivalent[],
  rooms: Readonly<Record<string, readonly string[]>>,
): Record<string, MutatedFolder> {
  return Object.fromEntries(
    Object.entries(rooms).map(([room, tests]) => {
      const folder = `${house}/${room}`;
      const own = equivalents.filter(({ file }) => file.startsWith(`${folder}/`));
      return [folder, { tests, without: TOO_SLOW, equivalents: own }];
    }),
  );
}

/** Bytes by the hundred million, each through broken code; real files; what ends and restarts processes. */
const TOO_SLOW = [
  "test/unit/stages/ingest/rows/hostileContents.test.ts",
  "test/**/realData.test.ts",
  "test/integration/storage/{concurrency,crash,migrate,leanTables}.test.ts",
];

/** Of rooms of `src/stages` whose tests stand in the folder of the same name. */
const STAGES = [
  "attest",
  "decisions",
  "dedupe",
  "network",
  "outbox",
  "plausibility",
  "pool",
  "projects",
  "quantify",
  "recognition",
  "retire",
  "rules",
  "webhooks",
  "ingest/dates",
  "ingest/fields",
  "ingest/groups",
  "ingest/map",
  "ingest/profile",
  "ingest/propose",
  "ingest/providerKeys",
  "ingest/rows",
];
/** Rooms of `src/adapters/storage` with tests that need no database. */
const WITH_UNIT_TESTS = new Set(["engine", "queue", "records", "reductions"]);
/** Tests in one process by the room of `src/adapters/storage` that they lead through. */
const STORAGE_TESTS: Readonly<Record<string, string>> = {
  batches: "{closing,closingFacts,closingOrders,refusals,signedFiles,listOrders}",
  engine: "{copy,locks,serverSettings,streamedRows,transaction}",
  events: "{events,listOrders}",
  ingests: "{admitReductions,listOrders,seenRows}",
  outbox: "{outbox,listOrders,retirements}",
  projects: "{listOrders,assetClaims}",
  providers: "{providerKeys,signedFiles,listOrders}",
  queue: "{queue,refusals}",
  records: "{admitReductions,dispositions,refusals}",
  reductions: "{admitReductions,admissionMemory,assetClaims,caps,dispositions,recordAdditions,subjectDays}",
  retirements: "{retirements,listOrders,refusals}",
  rules: "{rules,listOrders,refusals}",
  service: "{serviceRows,requests,listOrders}",
};

/** Beside the room's own: those that lead through the whole of `readActivities`. */
const INGEST_TESTS = [
  "test/unit/stages/ingest/{readActivities,reasonCodes,newSpellings}.test.ts",
  "test/unit/stages/ingest/profile/profile.test.ts",
];

/**
 * Unit tests first: those of the folder, and of who stands on it. Tests that start a process, a chain or a
 * browser see no mutant, since a mutant lives in the process that the tests run in.
 */
export const FOLDERS: Readonly<Record<string, MutatedFolder>> = {
  "src/format": {
    tests: ["test/unit/format/**/*.test.ts"],
    without: [],
    equivalents: format,
  },
  "src/stages": {
    tests: ["test/unit/stages/**/*.test.ts"],
    without: TOO_SLOW,
    equivalents: stages,
  },
  ...roomsOf(
    "src/stages",
    stages,
    Object.fromEntries(
      STAGES.map((room) => [
        room,
        [`test/unit/stages/${room}/**/*.test.ts`, ...(room.startsWith("ingest/") ? INGEST_TESTS : [])],
      ]),
    ),
  ),
  "src/app": {
    tests: [
      "test/unit/app/**/*.test.ts",
      "test/integration/{attest,batches,claims,ingest,network,projects}/**/*.test.ts",
      "test/integration/{providers,retirements,rules}/**/*.test.ts",
      "test/integration/{service,webhooks}/**/*.test.ts",
      ...SERVICE_TESTS,
    ],
    without: ["test/integration/webhooks/postWebhook.test.ts"],
    equivalents: app,
  },
  ...roomsOf("src/app", app, {
    apiKeys: ["test/unit/app/apiKeys/**/*.test.ts", ...SERVICE_TESTS],
    attest: ["test/{unit/app,integration}/attest/**/*.test.ts"],
    batches: [
      "test/{unit/app,integration}/batches/**/*.test.ts",
      "test/integration/projects/**/*.test.ts",
      "test/integration/rules/reopenedBatch.test.ts",
    ],
    behaviour: ["test/unit/app/behaviour/**/*.test.ts"],
    chain: [
      "test/unit/app/chain/**/*.test.ts",
      "test/integration/chain/{onIntentFailed,openChain}.test.ts",
      "test/integration/batches/closeAndMint.test.ts",
    ],
    claims: ["test/{unit/app,integration}/claims/**/*.test.ts"],
    ingest: [
      "test/{unit/app,integration}/ingest/**/*.test.ts",
      "test/integration/providers/signedRows.test.ts",
    ],
    methodologies: ["test/unit/app/methodologies/**/*.test.ts"],
    network: ["test/{unit/app,integration}/network/**/*.test.ts"],
    profiles: ["test/unit/app/profiles/**/*.test.ts"],
    projects: ["test/unit/app/projects/**/*.test.ts", "test/integration/rules/refusedSteps.test.ts"],
    process: ["test/unit/app/process/**/*.test.ts"],
    proofs: [
      "test/unit/app/proofs/**/*.test.ts",
      "test/integration/{batches,providers,retirements}/**/*.test.ts",
    ],
    providers: [
      "test/unit/app/providers/**/*.test.ts",
      "test/integration/providers/{signedFiles,signedRows}.test.ts",
    ],
    retirements: [
      "test/{unit/app,integration}/retirements/**/*.test.ts",
      "test/integration/rules/publishedRecognition.test.ts",
    ],
    rules: ["test/{unit/app,integration}/rules/**/*.test.ts"],
    service: [
      "test/{unit/app,integration}/service/**/*.test.ts",
      "test/unit/app/ingest/admittedRows.test.ts",
      "test/integration/ingest/**/*.test.ts",
      ...SERVICE_TESTS,
    ],
    sources: ["test/unit/app/sources/**/*.test.ts", "test/unit/app/profiles/tenantProfiles.test.ts"],
    webhooks: [
      "test/unit/app/webhooks/**/*.test.ts",
      "test/integration/webhooks/{runWebhooks,webhookEndpoints,webhooks}.test.ts",
    ],
  }),
  "src/doors/http": {
    tests: ["test/unit/doors/http/**/*.test.ts", "test/integration/http/**/*.test.ts"],
    without: ["test/integration/http/{fullDisk,fuzz,hostileBodies,lostDatabase,slowReaders}.test.ts"],
    equivalents: http,
  },
  "src/adapters/storage": {
    tests: [
      "test/unit/adapters/storage/**/*.test.ts",
      "test/integration/storage/**/*.test.ts",
      "test/integration/webhooks/**/*.test.ts",
    ],
    without: TOO_SLOW,
    equivalents: storage,
  },
  ...roomsOf(
    "src/adapters/storage",
    storage,
    Object.fromEntries(
      Object.entries(STORAGE_TESTS).map(([room, names]) => [
        room,
        [
          ...(WITH_UNIT_TESTS.has(room) ? [`test/unit/adapters/storage/${room}/**/*.test.ts`] : []),
          `test/integration/storage/${names}.test.ts`,
        ],
      ]),
    ),
  ),
  ...roomsOf("src/adapters/storage", storage, {
    webhooks: [
      "test/integration/webhooks/{webhookEndpoints,webhooks}.test.ts",
      "test/integration/storage/listOrders.test.ts",
    ],
  }),
};
