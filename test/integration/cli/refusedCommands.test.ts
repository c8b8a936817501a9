/** Refusals that no other test of the command line meets, each by a command that gets it. */
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addBatch } from "../../../src/doors/cli/commands/addBatch.ts";
import { addBehaviour } from "../../../src/doors/cli/commands/addBehaviour.ts";
import { addDemo } from "../../../src/doors/cli/commands/addDemo.ts";
import { addIngest } from "../../../src/doors/cli/commands/addIngest.ts";
import { addKey } from "../../../src/doors/cli/commands/addKey.ts";
import { addMethodology } from "../../../src/doors/cli/commands/addMethodology.ts";
import { addMint } from "../../../src/doors/cli/commands/addMint.ts";
import { addNetwork } from "../../../src/doors/cli/commands/network/addNetwork.ts";
import { addProfile } from "../../../src/doors/cli/commands/addProfile.ts";
import { addProject } from "../../../src/doors/cli/commands/addProject.ts";
import { addProve } from "../../../src/doors/cli/commands/addProve.ts";
import { addProvider } from "../../../src/doors/cli/commands/addProvider.ts";
import { addRetire } from "../../../src/doors/cli/commands/addRetire.ts";
import { addServe } from "../../../src/doors/cli/commands/addServe.ts";
import { addSign } from "../../../src/doors/cli/commands/addSign.ts";
import { addVerify } from "../../../src/doors/cli/commands/addVerify.ts";
import { addWork } from "../../../src/doors/cli/commands/addWork.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { runCommand, wrongUsage } from "./support/runCommand.ts";

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
const RIDE = "r1,13800000001,metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km";

describe("a command", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const refusal = async (add: (program: Command) => void, ...words: string[]) => {
    const { exitCode, json } = await runCommand(add, path("data"), words);
    const { error } = json as { error?: { code: string; message: string } };
    return { exitCode, ...error };
  };
  const refused = (exitCode: number, code: string, told: RegExp): unknown => ({
    exitCode,
    code,
    message: expect.stringMatching(told) as unknown,
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-refused-"));
    writeFileSync(path("rides.csv"), `${HEADER}\n${RIDE}\n`);
    writeFileSync(path("not.key"), "no key\n");
    writeFileSync(path("big.json"), "{}");
    truncateSync(path("big.json"), 1024 ** 3 + 1);
    writeFileSync(
      path("assets.yaml"),
      shippedProfileText("canonical-csv").replace("name: canonical-csv", "name: with-assets") +
        "\nasset: { column: subject, kind: vehicle }\n",
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("about what is stored says that nothing is, and makes no folder for a misspelt name", async () => {
    const nothing = refused(
      2,
      "config.no-data",
      /Nothing is stored in .*typo: there is no such folder\. Name/,
    );
    const asked: [(program: Command) => void, string][] = [
      [addBatch, "batch list"],
      [addBatch, "batch show 0x3f"],
      [addBatch, "batch package 0x3f --out p.ndjson"],
      [addBatch, "batch reopen 0x3f"],
      [addBatch, "batch close --region WUHAN --vintage 2025"],
      [addMint, "mint 0x3f"],
      [addRetire, "retire --amount 1 --purpose event-neutrality --beneficiary B --dry-run"],
      [addRetire, "retire --amount 1 --purpose event-neutrality --beneficiary B"],
      [addProve, "prove --retirement 0x51c0 --out p.json"],
      [addProve, "prove --record r --provider city-app --out p.json"],
      [addKey, "key list"],
      [addKey, "key revoke 5f1c9a0be1d24c77"],
      [addProvider, "provider key list"],
      [addBehaviour, "behaviour report --year 2025"],
      [addProject, "project show roof"],
      [addProject, "project retract roof"],
      [addMethodology, "methodology retract X"],
    ];
    for (const [add, words] of asked) {
      const { exitCode, json } = await runCommand(add, path("typo"), words.split(" "));
      expect({ exitCode, ...(json as { error: object }).error }, words).toEqual(nothing);
    }
    expect(existsSync(path("typo"))).toBe(false);
  });

  it("about a network says that the folder names none, and makes nothing", async () => {
    const none = refused(2, "network.none", /typo names no network\. .*--data.*`microtonne network init`/);
    for (const words of ["status", "participants list", "publish classes"]) {
      const { exitCode, json } = await runCommand(addNetwork, path("typo"), ["network", ...words.split(" ")]);
      expect({ exitCode, ...(json as { error: object }).error }, words).toEqual(none);
    }
    expect(existsSync(path("typo"))).toBe(false);
  });

  it("that verifies says what a file is that is no proof", async () => {
    writeFileSync(path("retired.json"), `${JSON.stringify({ retirementId: "0x51c0", tonnes: "1" })}\n`);
    expect(await refusal(addVerify, "verify", path("retired.json"))).toEqual(
      refused(1, "verify.no-proof", /retired\.json is no proof file\. `microtonne prove` writes one/),
    );
    expect(await refusal(addVerify, "verify", path("rides.csv"))).toEqual(
      refused(1, "verify.no-proof", /rides\.csv is no proof file/),
    );
    // What says that it is one is told what is wrong with it.
    writeFileSync(path("cut.proof.json"), '{"format":"microtonne-proof/1", "kind":"act"}');
    expect(await refusal(addVerify, "verify", path("cut.proof.json"))).toEqual(
      refused(1, "json.not-canonical", /not canonical/),
    );
  });

  it("of profiles says which name, which number of rows, and that nothing is written over", async () => {
    const init = ["profile", "init", path("rides.csv"), "--provider", "city-app", "--region", "WUHAN"];
    expect(await refusal(addProfile, ...init, "--name", "No Name")).toEqual(
      refused(2, "profile.name", /2 to 64 small letters, digits and hyphens/),
    );
    writeFileSync(path("there.yaml"), "");
    expect(await refusal(addProfile, ...init, "--out", path("there.yaml"))).toEqual(
      refused(2, "file.exists", /there\.yaml exists already; nothing was written over it/),
    );
    expect(await refusal(addProfile, "profile", "check", "canonical-csv", "--rows", "0")).toEqual(
      refused(2, "profile.rows", /Between 1 and 1000 rows/),
    );
  });

  it("that signs needs a name for the signature, a profile without assets, and a key", async () => {
    const sign = (profile: string, file: string) =>
      refusal(
        addSign,
        ...`sign ${file} --profile ${profile} --provider city-app --region WUHAN`.split(" "),
        ...`--tenant local --key ${path("not.key")}`.split(" "),
      );
    expect(await sign("canonical-csv", "-")).toEqual(refused(2, "sign.out", /Name it with --out\.$/));
    expect(await sign(path("assets.yaml"), path("rides.csv"))).toEqual(
      refused(2, "sign.asset", /Agree with the operator on a profile that leaves assets out/),
    );
    expect(await sign("canonical-csv", path("rides.csv"))).toEqual(
      refused(1, "key-file.malformed", /`microtonne provider key new` makes one/),
    );
  });

  it("that serves jobs apart needs a server of its own", async () => {
    for (const [add, ...words] of [
      [addServe, "serve", "--no-jobs"],
      [addWork, "work"],
    ] as const)
      expect(await refusal(add, ...words)).toEqual(
        refused(2, "serve.jobs", /needs a Postgres server \(DATABASE_URL\)/),
      );
  });

  it.each([
    [addServe, ["serve", "--port", "65536"], "A port is a number from 0 to 65535."],
    [addServe, ["serve", "--port", "x"], "A port is a number from 0 to 65535."],
    [
      addRetire,
      ["retire", "--amount", "1", "--purpose", "event-neutrality", "--beneficiary", "x", "--year", "1989"],
      "A reporting year is a year such as 2025.",
    ],
    [addNetwork, ["network", "init", "--confirmations", "10001"], "Confirmations are a whole number from 0"],
    [
      addNetwork,
      ["network", "init", "--signer", "operator"],
      "an equals sign, and its key, such as operator=",
    ],
    [
      addNetwork,
      ["network", "participants", "appoint", "--kind", "friend"],
      '"friend" is no kind of participant',
    ],
    [addNetwork, ["network", "participants", "appoint", "--country", "cn"], "such as"],
    [addNetwork, ["network", "publish", "key-scheme", "--vintage", "25"], "A vintage is a year such as"],
    [addNetwork, ["network", "publish", "key-scheme", "--hash", "0x1"], "A hash is 0x and 64 hex digits."],
    [addKey, ["key", "create", "--label", "x", "--roles", "all"], '"all" is no role; there are read, ingest'],
    [addKey, ["key", "create", "--label", "x", "--days", "0"], "Days are a whole number from 1 to 99999."],
  ] as const)("tells what an option takes: %#", async (add, words, sentence) => {
    expect(await wrongUsage(add, words)).toContain(sentence);
  });

  it("that verifies says what it wants: one subject, a service's key, a proof's size", async () => {
    for (const [words, told] of [
      [[], /either a path or --url/],
      [["a.json", "--url", "http://127.0.0.1:1"], /either a path or --url/],
      [["a.json", "--leaf", "1"], /belong to --url/],
      [["--url", "http://127.0.0.1:1", "--leaf", "1", "--activity-key", `0x${"11".repeat(32)}`], /--leaf or/],
      [["--url", "http://127.0.0.1:1", "--own"], /give --url with --rpc and --deployment/],
    ] as const)
      expect(await refusal(addVerify, "verify", ...words)).toEqual(refused(2, "verify.what", told));
    writeFileSync(path("two.words"), "two words");
    expect(
      await refusal(addVerify, "verify", "--url", "http://127.0.0.1:1", "--api-key-file", path("two.words")),
    ).toEqual(refused(2, "verify.api-key", /two\.words holds no API key: it is one word/));
    expect(await refusal(addVerify, "verify", path("big.json"))).toEqual(
      refused(1, "file.too-large", /big\.json has 1073741825 bytes: more than any file of its kind/),
    );
  });

  it("that runs the demo takes whole numbers, and a folder that holds nothing else", async () => {
    for (const words of [
      ["--records", "many"],
      ["--seed", "1.5"],
    ] as const)
      expect(await refusal(addDemo, "demo", ...words)).toEqual(
        refused(2, "option.number", new RegExp(`${words[0]} takes a whole number`)),
      );
    expect(await refusal(addDemo, "demo", "--records", "1000", "--out", folder)).toEqual(
      refused(2, "demo.out", /holds something that no demo made\. Name another folder with --out/),
    );
  });

  it("says which methodology there is not, without a data folder too", async () => {
    expect(await refusal(addMethodology, "methodology", "show", "NONE")).toEqual(
      refused(2, "methodology.unknown", /`microtonne methodology list --all` shows all/),
    );
  });

  it("in a data folder says what it lacks", async () => {
    const ingest = ["ingest", path("rides.csv"), "--profile", "canonical-csv", "--provider", "city-app"];
    const { exitCode } = await runCommand(addIngest, path("data"), ingest);
    expect(exitCode).toBe(0);
    const out = ["--out", path("never.proof.json")];
    expect(await refusal(addProve, "prove", ...out)).toEqual(
      refused(2, "prove.what", /either --retirement, or --record with --provider/),
    );
    expect(await refusal(addProve, "prove", "--record", "r1", "--leaves", "all", ...out)).toEqual(
      refused(2, "prove.what", /give it with --retirement/),
    );
    const act = (record: string) =>
      refusal(addProve, "prove", "--record", record, "--provider", "city-app", ...out);
    expect(await act("r1")).toEqual(refused(1, "record.not-in-batch", /Close a batch first/));
    expect(await act("r2")).toEqual(refused(2, "record.unknown", /city-app has reported no record/));
    expect(await refusal(addBehaviour, "behaviour", "report", "--year", "25")).toEqual(
      refused(1, "behaviour.year", /A year is written as 2025/),
    );
    expect(await refusal(addKey, "key", "create", "--label", " ")).toEqual(
      refused(2, "api-key.terms", /A key's label has 1 to 100 characters/),
    );
    expect(await refusal(addKey, "key", "revoke", "0123456789abcdef")).toEqual(
      refused(2, "api-key.unknown", /There is no key "0123456789abcdef" here/),
    );
  });
});
