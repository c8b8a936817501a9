import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { readVerification, writeVerification } from "../../../app/attest/verificationFile.ts";
import type { HashedVerification } from "../../../app/attest/verificationFile.ts";
import { openJsonFile } from "../../../app/process/openJsonFile.ts";
import { hashDocument } from "../../../app/projects/hashDocument.ts";
import { regionCode } from "../../../base/lib/ids.ts";
import { act, optionOf } from "../command.ts";

/** `microtonne verification`: what a verification body says of an operator's acts, as a file. */
export function addVerification(program: Command): void {
  const verification = program.command("verification").addHelpText(
    "after",
    `
The body hands the file to the operator, who closes with it, and to the verifiers, who attest with it. \
Batches outside a local network are not attested without one.

Example:
  microtonne batch close --region WUHAN --vintage 2025 --verification statement.json
  microtonne attest for-verifier.ndjson --verification statement.json --out alice.json`,
  );
  addWrite(verification);
  addShow(verification);
}

interface WriteOptions {
  body: string;
  date: string;
  operator: string;
  region: ReturnType<typeof regionCode>;
  vintage: string;
  category: string;
  level: string;
  opinion: string;
  document: string;
  out: string;
}

function addWrite(verification: Command): void {
  const command = verification
    .command("write")
    .description("Write a statement. It speaks of one operator's acts of one region, vintage and category.")
    .requiredOption("--body <name>", "the verification body")
    .requiredOption("--date <day>", "of the statement, YYYY-MM-DD; batches close on that day or later")
    .requiredOption("--operator <address>", "who closes the batches")
    .requiredOption("--region <code>", "region of the methodologies", optionOf(regionCode))
    .requiredOption("--vintage <year>", "calendar year of the acts")
    .option("--category <category>", "act or project", "act")
    .requiredOption("--level <level>", "limited or reasonable")
    .requiredOption("--opinion <opinion>", "unmodified or qualified; with any other no batch is pooled")
    .requiredOption("--document <file>", "the signed report; its hash stands in the statement")
    .requiredOption("--out <file>", "file to write")
    .addHelpText(
      "after",
      `
Example:
  microtonne verification write --body "Assurance Ltd" --date 2026-03-01 --operator 0x7099… \\
    --region WUHAN --vintage 2025 --level reasonable --opinion unmodified \\
    --document report.pdf --out statement.json`,
    );
  act<WriteOptions>(command, async (run, options) => {
    const { body, date, region, category, level, opinion, document, out } = options;
    const { text, ...written } = writeVerification({
      schema: "microtonne-verification/1",
      body,
      date,
      operator: options.operator.toLowerCase(),
      region,
      vintage: Number(options.vintage),
      category,
      level,
      opinion,
      documentHash: await hashDocument(document),
    });
    await writeFile(out, text);
    run.io.result({ ...written, file: out }, `${textOf(written)}\nwrote     ${out}`);
    return undefined;
  });
}

function addShow(verification: Command): void {
  const command = verification
    .command("show")
    .description("What a statement says, and the hash by which manifests name it.")
    .argument("<file>", "the statement, JSON of the schema microtonne-verification/1")
    .addHelpText("after", "\nExample:\n  microtonne verification show statement.json");
  act(command, async (run, _options, path = "") => {
    const read = readVerification(await openJsonFile(path));
    run.io.result(read, textOf(read));
    return undefined;
  });
}

function textOf({ statement, statementHash }: HashedVerification): string {
  const { body, date, operator, region, vintage, category, level, opinion, documentHash } = statement;
  return [
    `statement ${statementHash}`,
    `of        ${body}, ${date}, document ${documentHash}`,
    `on        ${category}s of ${region}, vintage ${String(vintage)}, operator ${operator}`,
    `says      ${level} assurance, ${opinion} opinion`,
  ].join("\n");
}
