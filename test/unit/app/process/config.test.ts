import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig, SETTINGS } from "../../../../src/app/process/config.ts";

const codeOf = (environment: Record<string, string>): string => {
  try {
    parseConfig(environment);
    return "none";
  } catch (error) {
    return (error as { code: string }).code;
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
    });
    expect(registrar).toEqual({ signer: remote, regions: ["WUHAN"] });
  });

  it.each([
    [{ MICROTONNE_OPERATOR_SIGNER: "https://signer.example" }, "config.signer"],
    [{ MICROTONNE_OPERATOR_SIGNER: `ftp://signer.example#${account}` }, "config.signer"],
    [
      { MICROTONNE_OPERATOR_SIGNER: "a.json", MICROTONNE_OPERATOR_PRIVATE_KEY: `0x${"12".repeat(32)}` },
      "config.signer",
    ],
    [{ MICROTONNE_REGISTRAR_SIGNER: "a.json" }, "config.registrar-regions"],
  ])("is refused as %j", (environment, code) => {
    expect(codeOf(environment)).toBe(code);
  });
});
