import type { Command } from "commander";
import { readVerification } from "../../app/attest/verificationFile.ts";
import type { AskedTerms } from "../../app/batches/closeBatch.ts";
import { openJsonFile } from "../../app/process/openJsonFile.ts";
import { hashDocument } from "../../app/projects/hashDocument.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { WORD32 } from "../../base/lib/textPatterns.ts";

/** What `batch close` is told of the batch's terms. */
export interface CloseTermOptions {
  useBy?: string;
  title?: string;
  titleDocument?: string;
  campaign?: string;
  campaignDocument?: string;
  audience?: string;
  verification?: string;
}

/** The options of a closing that say what its manifest says beside what is counted. */
export function addCloseTerms(command: Command): Command {
  return command
    .option("--use-by <day>", "last day on which the batch may be retired, YYYY-MM-DD; any day if left out")
    .option("--title <kind>", "consent-scope or programme, where this batch has another than the settings")
    .option("--title-document <file>", "the document that says so, or its keccak-256; with --title")
    .option("--campaign <id>", "a batch of gifts to this campaign: [a-z0-9-]{2,64}")
    .option("--campaign-document <file>", "what it is for, or its keccak-256; with --campaign")
    .option("--audience <who>", "who gets leaves and tiles: public; participants can't be kept yet")
    .option("--verification <file>", "the verification body's statement; needed outside a local network");
}

/** The terms that were given. @throws UsageError `close.terms`, or as what it reads files with */
export async function closeTermsOf(options: CloseTermOptions): Promise<AskedTerms> {
  const { useBy, audience, verification } = options;
  const title = await documented("title", options.title, options.titleDocument);
  const campaign = await documented("campaign", options.campaign, options.campaignDocument);
  return {
    ...(useBy !== undefined && { useBy }),
    // What it may be is the closing's to say.
    ...(title && { title: { kind: title.name, documentHash: title.documentHash } as never }),
    ...(campaign && { campaign: { id: campaign.name, documentHash: campaign.documentHash } }),
    ...(audience !== undefined && { audience: { leaves: audience, tiles: audience } as never }),
    ...(verification !== undefined && {
      verification: readVerification(await openJsonFile(verification)).statement,
    }),
  };
}

async function documented(
  option: string,
  name: string | undefined,
  document: string | undefined,
): Promise<{ readonly name: string; readonly documentHash: string } | null> {
  if (name === undefined && document === undefined) return null;
  if (name === undefined || document === undefined)
    throw new UsageError("close.terms", `Give --${option} and --${option}-document together, or neither.`);
  return { name, documentHash: WORD32.test(document) ? document : await hashDocument(document) };
}
