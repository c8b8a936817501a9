import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig, SETTINGS } from "../../../../src/app/process/config.ts";
import { SENTENCE } from "../../../support/refusedFor.ts";

const codeOf = (environment: Record<string, string>): string => {
  try {
    parseConfig(environment);
    return "none";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const told = (settings: Record<string, string>): string => {
  try {
    parseConfig(settings);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("settings", () => {
  it("need nothing: the embedded database and chain in .microtonne", () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      databaseUrl: null,
      tenant: "local",
      chain: { rpcUrl: null, chainId: 31337, finalityDepth: 0 },
    });
    expect(config.chain.deploymentFile.startsWith(config.folder)).toBe(true);
  });

  it("list the receivers that webhooks may reach on a local network", () => {
    expect(parseConfig({}).webhookAllow).toEqual([]);
    expect(
      parseConfig({ MICROTONNE_WEBHOOK_ALLOW: "127.0.0.1:8080, [::1]:9,receiver:3000" }).webhookAllow,
    ).toEqual(["127.0.0.1:8080", "[::1]:9", "receiver:3000"]);
  });

  it("count as not set where they are empty, as in the example file", () => {
    const example = Object.fromEntries(
      exampleLines().map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    expect(parseConfig(example)).toEqual(parseConfig({}));
  });

  it("are all in the example file, and nothing else is", () => {
    expect(
      exampleLines()
        .map((line) => line.slice(0, line.indexOf("=")))
        .toSorted(),
    ).toEqual(Object.keys(SETTINGS.shape).toSorted());
  });

  it.each([
    [{ DATABASE_URL: "mysql://localhost/x" }, "config.invalid"],
    [{ MICROTONNE_BUFFER_BPS: "10001" }, "config.invalid"],
    [{ MICROTONNE_BUFFER_BPS: "5.5" }, "config.invalid"],
    [{ MICROTONNE_CHAIN_ID: "1" }, "config.chain"],
    [{ MICROTONNE_RPC_URL: "http://127.0.0.1:8545" }, "config.deployment"],
    [{ MICROTONNE_TENANT: "No Good" }, "id.malformed"],
    [{ MICROTONNE_WEBHOOK_ALLOW: "127.0.0.1" }, "config.invalid"],
    [{ MICROTONNE_WEBHOOK_ALLOW: "http://127.0.0.1:80" }, "config.invalid"],
    [{ MICROTONNE_RULES_REACH_BACK: "yes" }, "config.invalid"],
    [
      {
        MICROTONNE_RULES_REACH_BACK: "taken",
        MICROTONNE_CHAIN_ID: "1",
        MICROTONNE_RPC_URL: "http://127.0.0.1:8545",
        MICROTONNE_DEPLOYMENT: "deployment.json",
      },
      "config.rules-reach-back",
    ],
    [
      {
        MICROTONNE_WEBHOOK_ALLOW: "127.0.0.1:8080",
        MICROTONNE_CHAIN_ID: "1",
        MICROTONNE_RPC_URL: "http://127.0.0.1:8545",
        MICROTONNE_DEPLOYMENT: "deployment.json",
      },
      "config.webhook-allow",
    ],
    [{ MICROTONNE_REHEARSAL: "maybe" }, "config.invalid"],
    [
      {
        MICROTONNE_REHEARSAL: "yes",
        MICROTONNE_CHAIN_ID: "1",
        MICROTONNE_RPC_URL: "http://127.0.0.1:8545",
        MICROTONNE_DEPLOYMENT: "deployment.json",
      },
      "config.rehearsal",
    ],
    [{ MICROTONNE_OPERATOR_PRIVATE_KEY: "0x12" }, "config.invalid"],
    [{ MICROTONNE_REGISTRAR_PRIVATE_KEY: `0x${"12".repeat(32)}` }, "config.registrar-regions"],
    [{ MICROTONNE_REGISTRAR_REGIONS: "WUHAN,no good" }, "config.invalid"],
    [{ MICROTONNE_HOST_COUNTRY: "CHN" }, "config.invalid"],
    [{ MICROTONNE_PLACE_OF_ACTS: "wuhan" }, "config.invalid"],
    [{ MICROTONNE_CORRESPONDING_ADJUSTMENT: "some" }, "config.invalid"],
    [{ MICROTONNE_TITLE_KIND: "programme" }, "config.title"],
    [{ MICROTONNE_TITLE_DOCUMENT: `0x${"ab".repeat(32)}` }, "config.title"],
  ])("refuse %j", (environment, code) => {
    expect(codeOf(environment)).toBe(code);
  });

  it("never repeat a secret in the error", () => {
    const secret = "0xsecretsecretsecret";
    expect(() =>
      parseConfig({ MICROTONNE_OPERATOR_PRIVATE_KEY: secret, DATABASE_URL: "secretpassword" }),
    ).toThrow(/MICROTONNE_OPERATOR_PRIVATE_KEY/);
    try {
      parseConfig({ MICROTONNE_OPERATOR_PRIVATE_KEY: secret, DATABASE_URL: "secretpassword" });
    } catch (error) {
      expect((error as Error).message).not.toMatch(/secretsecret|secretpassword/);
    }
  });
});

function exampleLines(): string[] {
  return readFileSync(".env.example", "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

describe("who signs", () => {
  const account = `0x${"Ab".repeat(20)}`;

  it("is a key, a key file with its password's file, or a signing service, for each role", () => {
    const { signers, registrar } = parseConfig({
      MICROTONNE_OPERATOR_PRIVATE_KEY: `0x${"12".repeat(32)}`,
      MICROTONNE_VERIFIER_SIGNER: "/keys/verifier.json",
      MICROTONNE_VERIFIER_PASSWORD_FILE: "/keys/password",
      MICROTONNE_REGISTRAR_SIGNER: `https://signer.example:9000#${account}`,
      MICROTONNE_REGISTRAR_REGIONS: "WUHAN",
    });
    const remote = { kind: "remote", url: "https://signer.example:9000", address: account.toLowerCase() };
    expect(signers).toEqual({
      operator: { kind: "key", privateKey: `0x${"12".repeat(32)}` },
      verifier: { kind: "file", path: "/keys/verifier.json", passwordFile: "/keys/password" },
      registrar: remote,
      authority: null,
      holder: null,
    });
    expect(registrar).toEqual({ signer: remote, regions: ["WUHAN"] });
  });

  it("is a holder's where somebody retires what others made", () => {
    const { signers } = parseConfig({
      MICROTONNE_HOLDER_SIGNER: "/keys/bank.json",
      MICROTONNE_HOLDER_PASSWORD_FILE: "/keys/password",
    });
    expect(signers.holder).toEqual({ kind: "file", path: "/keys/bank.json", passwordFile: "/keys/password" });
    expect(signers.operator).toBeNull();
  });

  it.each([
    [{ MICROTONNE_OPERATOR_SIGNER: "https://signer.example" }, "config.signer"],
    [{ MICROTONNE_OPERATOR_SIGNER: `ftp://signer.example#${account}` }, "config.signer"],
    [
      { MICROTONNE_OPERATOR_SIGNER: "a.json", MICROTONNE_OPERATOR_PRIVATE_KEY: `0x${"12".repeat(32)}` },
      "config.signer",
    ],
    [{ MICROTONNE_REGISTRAR_SIGNER: "a.json" }, "config.registrar-regions"],
    [{ MICROTONNE_OPERATOR_SIGNER: "a.json", MICROTONNE_HOLDER_SIGNER: "b.json" }, "config.signer"],
  ])("is refused as %j", (environment, code) => {
    expect(codeOf(environment)).toBe(code);
  });
});

describe("a setting that is a number", () => {
  const FAR = { MICROTONNE_RPC_URL: "http://127.0.0.1:1", MICROTONNE_DEPLOYMENT: "d.json" };
  type Read = (config: ReturnType<typeof parseConfig>) => number | null;
  it.each([
    ["CHAIN_ID", ({ chain }) => chain.chainId, 1, Number.MAX_SAFE_INTEGER, 31_337],
    ["FINALITY_DEPTH", ({ chain }) => chain.finalityDepth, 0, 10_000, 0],
    ["POLL_MILLISECONDS", ({ chain }) => chain.pollMilliseconds, 10, 60_000, 100],
    ["DEVELOPMENT_KEYS_CHAIN", (config) => config.developmentKeysChain, 1, Number.MAX_SAFE_INTEGER, null],
    ["BUFFER_BPS", ({ bufferBps }) => bufferBps, 0, 10_000, 500],
    ["CLAIM_PERIOD_DAYS", ({ claimPeriodDays }) => claimPeriodDays, 0, 3650, 90],
    ["STATEMENT_HOURS", ({ statementSeconds }) => statementSeconds / 3600, 1, 720, 72],
    ["MAX_SIGNATURE_AGE_DAYS", ({ signatureAgeDays }) => signatureAgeDays, 1, 3650, 30],
    ["MAX_INPUT_BYTES", ({ caps }) => caps.inputBytes, 1, 2 ** 45, 2 ** 36],
    ["MAX_ROW_BYTES", ({ caps }) => caps.rowBytes, 64, 2 ** 26, 2 ** 16],
    ["MAX_INFLATION_RATIO", ({ caps }) => caps.inflationRatio, 1, 10_000, 200],
    ["HTTP_PORT", ({ http }) => http.port, 0, 65_535, 8080],
    ["HTTP_BODY_BYTES", ({ http }) => http.bodyBytes, 1024, 2 ** 28, 2 ** 23],
    ["HTTP_REQUESTS_PER_MINUTE", ({ http }) => http.requestsPerMinute, 1, 10 ** 9, 1200],
    ["HTTP_TRUSTED_PROXIES", ({ http }) => http.trustedProxies, 0, 10, 0],
  ] as [string, Read, number, number, number | null][])(
    "has bounds: %s",
    (name, read, least, most, usual) => {
      const set = (value: number) => ({ ...FAR, [`MICROTONNE_${name}`]: String(value) });
      expect(read(parseConfig({}))).toBe(usual);
      for (const value of [least, most]) expect(read(parseConfig(set(value)))).toBe(value);
      for (const value of [least - 1, most + 1, least + 0.5])
        expect(() => parseConfig(set(value))).toThrow(`These settings are wrong: MICROTONNE_${name}: `);
    },
  );
});

describe("a setting that is one of some words", () => {
  type Read = (config: ReturnType<typeof parseConfig>) => unknown;
  const title = { MICROTONNE_TITLE_DOCUMENT: `0x${"AB".repeat(32)}` };
  it.each([
    ["LOG_LEVEL", ["silent", "error", "warn", "info", "debug"], ({ logLevel }) => logLevel],
    [
      "CORRESPONDING_ADJUSTMENT",
      ["none", "authorised", "applied"],
      ({ terms }) => terms.correspondingAdjustment,
    ],
    ["TITLE_KIND", ["consent-scope", "programme", "project-owner"], ({ terms }) => terms.title?.kind],
    ["KEY_SERVICE", ["development"], ({ keyService }) => keyService],
    ["RULES_REACH_BACK", ["refused", "taken"], (config) => (config.rulesReachBack ? "taken" : "refused")],
    ["REHEARSAL", ["yes", "no"], ({ rehearsal }) => (rehearsal ? "yes" : "no")],
  ] as [string, readonly string[], Read][])("is each of them and none else: %s", (name, words, read) => {
    const more = name === "TITLE_KIND" ? title : {};
    for (const word of words) expect(read(parseConfig({ ...more, [`MICROTONNE_${name}`]: word }))).toBe(word);
    for (const word of [`${words[0] ?? ""}x`, (words[0] ?? "").toUpperCase()])
      expect(() => parseConfig({ ...more, [`MICROTONNE_${name}`]: word })).toThrow(`MICROTONNE_${name}: `);
  });
});

describe("a setting that is a text", () => {
  it("is taken as it is; a document's hash in lower case", () => {
    const hash = `0x${"AB".repeat(32)}`;
    const config = parseConfig({
      MICROTONNE_NETWORK: "network.json",
      MICROTONNE_HTTP_HOST: "0.0.0.0",
      MICROTONNE_DEPLOYMENT: "harbour.json",
      MICROTONNE_FOLDER: "/data",
      MICROTONNE_HOST_COUNTRY: "CN",
      MICROTONNE_PLACE_OF_ACTS: "WUHAN",
      MICROTONNE_TITLE_KIND: "programme",
      MICROTONNE_TITLE_DOCUMENT: hash,
      MICROTONNE_WEBHOOK_ALLOW: "Receiver:80",
    });
    expect(config).toMatchObject({
      folder: "/data",
      chain: { deploymentFile: "harbour.json" },
      http: { host: "0.0.0.0" },
      terms: {
        hostCountry: "CN",
        placeOfActs: "WUHAN",
        title: { kind: "programme", documentHash: hash.toLowerCase() },
      },
      webhookAllow: ["receiver:80"],
    });
    expect(parseConfig({})).toMatchObject({ http: { host: "127.0.0.1" }, logLevel: "warn", tenant: "local" });
  });

  it.each([
    ...["postgresx://h/d", "postgresqlx://h/d", "xpostgres://h/d"].map((value) => ["DATABASE_URL", value]),
    ["MICROTONNE_RPC_URL", "httpsx://node"],
    ["MICROTONNE_HOST_COUNTRY", "C"],
    ["MICROTONNE_WEBHOOK_ALLOW", "a:1,b"],
    ["MICROTONNE_WEBHOOK_ALLOW", "a:1x"],
    ["MICROTONNE_OPERATOR_PRIVATE_KEY", "12".repeat(32)],
  ] as [string, string][])("is refused: %s=%s", (name, value) => {
    expect(told({ [name]: value })).toContain(`${name}: `);
  });

  it("is named with each other that is wrong", () => {
    expect(told({ DATABASE_URL: "x", MICROTONNE_HTTP_PORT: "y" })).toMatch(
      /^These settings are wrong: DATABASE_URL: .+; MICROTONNE_HTTP_PORT: .+\. See \.env\.example .+ be\.$/,
    );
  });
});

describe("settings of a network", () => {
  const far = {
    MICROTONNE_CHAIN_ID: "7",
    MICROTONNE_RPC_URL: "https://node",
    MICROTONNE_DEPLOYMENT: "d.json",
  };

  it("are as they are read; a folder and a tenant may be the caller's", () => {
    const { tenant, folder } = parseConfig({}, { folder: "/data", tenant: "mine" as never });
    expect([tenant, folder]).toEqual(["mine", "/data"]);
    expect(parseConfig({ MICROTONNE_TENANT: "its" }, { tenant: "mine" as never }).tenant).toBe("its");
    expect(parseConfig({ MICROTONNE_FOLDER: "/else" }, { folder: "/data" }).folder).toBe("/data");
    expect(parseConfig({ ...far, DATABASE_URL: "postgresql://h/d" })).toMatchObject({
      databaseUrl: "postgresql://h/d",
      chain: { rpcUrl: "https://node", chainId: 7, deploymentFile: "d.json" },
      keyService: null,
      rulesReachBack: false,
      rehearsal: false,
      logLevel: "warn",
      terms: { hostCountry: null, placeOfActs: null, correspondingAdjustment: "none", title: null },
    });
    expect(parseConfig({}).keyService).toBe("development");
    expect(parseConfig({ ...far, MICROTONNE_DEVELOPMENT_KEYS_CHAIN: "7" }).keyService).toBe("development");
    expect(parseConfig({ ...far, MICROTONNE_KEY_SERVICE: "development" }).keyService).toBe("development");
    const local = { MICROTONNE_RULES_REACH_BACK: "taken", MICROTONNE_REHEARSAL: "yes" };
    expect(parseConfig(local)).toMatchObject({ rulesReachBack: true, rehearsal: true });
    expect(
      parseConfig({ MICROTONNE_REGISTRAR_REGIONS: "WUHAN , X1", MICROTONNE_REGISTRAR_SIGNER: "k.json" })
        .registrar?.regions,
    ).toEqual(["WUHAN", "X1"]);
    expect(parseConfig({ MICROTONNE_REGISTRAR_REGIONS: "WUHAN" }).registrar).toBeNull();
  });

  it.each([
    [{ MICROTONNE_RPC_URL: "http://node" }, "MICROTONNE_RPC_URL is set, so MICROTONNE_DEPLOYMENT must name"],
    [
      { MICROTONNE_CHAIN_ID: "7" },
      "MICROTONNE_CHAIN_ID other than 31337 needs MICROTONNE_RPC_URL: the embedded",
    ],
    [{ MICROTONNE_REGISTRAR_SIGNER: "k.json" }, "MICROTONNE_REGISTRAR_REGIONS must name the regions"],
    [{ ...far, MICROTONNE_WEBHOOK_ALLOW: "a:1" }, "MICROTONNE_WEBHOOK_ALLOW opens private addresses"],
    [{ ...far, MICROTONNE_RULES_REACH_BACK: "taken" }, "MICROTONNE_RULES_REACH_BACK=taken takes over rules"],
    [{ ...far, MICROTONNE_REHEARSAL: "yes" }, "MICROTONNE_REHEARSAL skips notices"],
    [{ MICROTONNE_TITLE_KIND: "programme" }, "belong together: set both or neither"],
    [{ MICROTONNE_LOG_LEVEL: "loud" }, "MICROTONNE_LOG_LEVEL: "],
    [{ MICROTONNE_RPC_URL: "ftp://node" }, "MICROTONNE_RPC_URL: "],
    [{ DATABASE_URL: "xpostgres://h" }, "DATABASE_URL: "],
    [{ MICROTONNE_WEBHOOK_ALLOW: "a:0" }, "must be host:port, or several of them parted by commas"],
    [{ MICROTONNE_WEBHOOK_ALLOW: "x a:1" }, "must be host:port"],
    [{ MICROTONNE_WEBHOOK_ALLOW: "a:123456" }, "must be host:port"],
    [{ MICROTONNE_TITLE_DOCUMENT: "0x12" }, "must be 0x and 64 hex digits"],
    [{ MICROTONNE_PLACE_OF_ACTS: "wu" }, "must match [A-Z0-9]{2,8}"],
    [{ MICROTONNE_HOST_COUNTRY: "cn" }, "must be an ISO 3166-1 alpha-2 code"],
    [
      { MICROTONNE_VERIFIER_SIGNER: "https://x" },
      "MICROTONNE_VERIFIER_SIGNER must be the path of a key file",
    ],
    [{ MICROTONNE_REGISTRAR_REGIONS: "wuhan" }, "must be regions' codes parted by commas"],
    [
      { MICROTONNE_OPERATOR_SIGNER: "a", MICROTONNE_OPERATOR_PRIVATE_KEY: `0x${"12".repeat(32)}` },
      "Leave one",
    ],
    [
      { MICROTONNE_OPERATOR_SIGNER: "a.json", MICROTONNE_HOLDER_SIGNER: "b.json" },
      "either could retire. Give the holder a data folder of its own.",
    ],
  ] as [Record<string, string>, string][])("refuse %j with a sentence", (settings, sentence) => {
    expect(told(settings)).toContain(sentence);
    expect(told(settings)).toMatch(SENTENCE);
  });
});
