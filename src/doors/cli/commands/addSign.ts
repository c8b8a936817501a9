import type { Command } from "commander";
import { resolveProfile } from "../../../app/profiles/resolveProfile.ts";
import { signFile } from "../../../app/providers/signFile.ts";
import { counted } from "../../../base/lib/counted.ts";
import { systemClock, systemRandomness } from "../../../app/process/system.ts";
import { tenantId } from "../../../base/lib/ids.ts";
import { utcText } from "../../../base/lib/time/calendar.ts";
import { act } from "../command.ts";

interface Options {
  profile: string;
  key: string;
  tenant: string;
  provider?: string;
  region?: string;
  lookups?: string;
  out?: string;
}

/** `microtonne sign`: what a provider runs before it hands a file over. */
export function addSign(program: Command): void {
  const command = program
    .command("sign")
    .argument("<file>", "the file that will be handed over; - for standard input")
    .requiredOption(
      "--profile <profile>",
      "the profile by which the operator will read it: name of a shipped one, or a YAML file",
    )
    .requiredOption("--key <file>", "private key file, as `microtonne provider key new` writes it")
    .requiredOption("--tenant <id>", "the pooling operator that the file is for")
    .option("--provider <id>", "provider id, for profiles that leave it open")
    .option("--region <code>", "region whose methodologies count, for profiles that leave it open")
    .option("--lookups <dir>", "folder of the profile's lookup files (default: the folder of the file)")
    .option("--out <file>", "signature file to write (default: <file>.sig.json)")
    .addHelpText(
      "after",
      `
Hand the signature file over with the file. It holds a salt that opens who acted: keep it as
confidential as the file itself. Rows that the profile refuses are not signed; see them with
\`profile check\`.

Example:
  microtonne sign rides.csv.gz --profile canonical-csv --provider city-metro --key city-metro.key \\
    --tenant local`,
    );
  act<Options>(command, async (run, options, file = "") => {
    const profile = await resolveProfile(options.profile, {
      provider: options.provider,
      region: options.region,
    });
    const { statement, refused, out } = await signFile(
      { config: run.config, clock: systemClock, randomness: systemRandomness },
      {
        file,
        profile,
        keyFile: options.key,
        tenant: tenantId(options.tenant),
        out: options.out ?? null,
        lookupFolder: options.lookups ?? null,
      },
    );
    const { records, provider, keyId, tenant, signedAt } = statement;
    run.io.result(
      { ...statement, refused, out },
      `signed ${counted(records, "record")} of ${provider} for ${tenant} with key ${keyId} at ` +
        `${utcText(signedAt)}; wrote ${out}` +
        (refused === 0
          ? ""
          : `\n${counted(refused, "row")} of the file ${refused === 1 ? "makes" : "make"} no record under ` +
            `the profile and ${refused === 1 ? "is" : "are"} not signed; profile check shows why`),
    );
    run.io.say("Next: hand the file and its signature over; the operator runs ingest with --signature.");
    return undefined;
  });
}
