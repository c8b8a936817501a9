import type { BatchId, MethodologyId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { ListVersion, Manifest, Manifest2 } from "../../format/batch/manifest.ts";
import { isTestMethodology, methodologyIdOf } from "../../format/batch/methodology.ts";
import type { ClassLists } from "../../format/batch/classes/classLists.ts";
import { differingContract } from "../../format/batch/differingContract.ts";
import { MANIFEST_FORMAT_1 } from "../../format/v1/manifest.ts";
import {
  verificationFault,
  verificationHash,
  type VerificationStatement,
} from "../../format/batch/verificationStatement.ts";
import { dayText, yearOfDay } from "../../base/lib/time/calendar.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import { attestRefusal } from "./attestRefusal.ts";
import { withdrawnRefusal } from "./withdrawnRefusal.ts";

/** What a verifier knows of a batch's surroundings, from its own sources. */
export interface KnownTerms {
  readonly deployment: Deployment;
  /** Whether test methodologies count. */
  readonly local: boolean;
  readonly knowsMethodology: (id: MethodologyId) => boolean;
  /** When the chain took in a methodology's withdrawal; null of one that stands. */
  readonly withdrawnAt: (id: MethodologyId) => UnixSeconds | null;
  readonly classLists: ClassLists;
  /** The plausibility rules in force in the batch's region. */
  readonly plausibility: ListVersion;
  /** The operator's last committed batch on chain. */
  readonly head: BatchId | null;
  /** The verification body's statement, from the body itself; null where the verifier has none. */
  readonly verification: VerificationStatement | null;
}

/**
 * Everything in the manifest that is not recomputed from the leaves is compared with what the verifier knows
 * itself; but for the key scheme, which its key service is asked for (`checkKeyScheme`).
 * That methodologies are of the batch's category was checked when the manifest was read.
 * @throws CheckFailedError `attest.old-format`, `attest.chain`, `attest.contracts`, `attest.methodology`,
 * `attest.withdrawn-methodology`, `attest.test-methodology`, `attest.signature-algorithm`,
 * `attest.scenario-classes`, `attest.behaviour`, `attest.plausibility`, `attest.verification`,
 * `attest.verification-unknown`, `attest.verification-differs`, `attest.previous`
 */
export function checkManifestTerms(manifest: Manifest, known: KnownTerms): asserts manifest is Manifest2 {
  const { deployment, local, head } = known;
  if (manifest.format === MANIFEST_FORMAT_1)
    throw attestRefusal(
      "old-format",
      `it is of ${manifest.format}, which is no longer committed. Finish it with the version before, or ` +
        "close it anew under a new deployment",
    );
  if (manifest.chainId !== deployment.chainId.toString())
    throw attestRefusal("chain", `it is for chain ${manifest.chainId}, not ${String(deployment.chainId)}`);
  const differing = differingContract(manifest.contracts, deployment.contracts);
  if (differing !== null)
    throw attestRefusal("contracts", `it names another ${differing.name} than the deployment that we trust`);
  for (const methodology of manifest.methodologies) {
    const name = `${methodology.code}@${methodology.version}`;
    const id = methodologyIdOf(methodology);
    const withdrawnAt = known.withdrawnAt(id);
    // What was closed with it before stays valid.
    if (withdrawnAt !== null && manifest.createdAt >= withdrawnAt)
      throw withdrawnRefusal(methodology, withdrawnAt, "the batch was closed after that");
    // A folder that took the withdrawal up knows it as that.
    if (withdrawnAt !== null && !known.knowsMethodology(id))
      throw withdrawnRefusal(
        methodology,
        withdrawnAt,
        "the registry commits no batch with it any more: its operator reopens the batch",
        { act: "reopen-batch", batchId: null },
      );
    if (!known.knowsMethodology(id))
      throw attestRefusal("methodology", `we do not know the methodology ${name} with this content`);
    if (!local && isTestMethodology(methodology))
      throw attestRefusal("test-methodology", `${name} exists for tests and counts on a local network only`);
  }
  for (const { id, algorithm } of manifest.providers)
    if (algorithm === "sm2-sm3")
      throw attestRefusal(
        "signature-algorithm",
        `the records of ${id} are signed by ${algorithm}, which this version can't check`,
      );
  if (known.classLists.of(manifest) === null)
    throw attestRefusal("scenario-classes", "it counts by a list of scenario classes that we do not know");
  checkKind(manifest, known);
  if (manifest.previousBatchId !== head)
    throw attestRefusal(
      "previous",
      `it follows batch ${manifest.previousBatchId ?? "none"}, while the operator's last batch on ` +
        `chain is ${head ?? "none"}`,
    );
}

/** What the batch holds, by whose rules it was looked at, and who verified it. */
function checkKind(manifest: Manifest2, { local, plausibility, verification: statement }: KnownTerms): void {
  if (manifest.category === "behaviour")
    throw attestRefusal("behaviour", "it holds behaviour, which is counted and never committed or minted");
  const { version, hash } = manifest.plausibility;
  if (version !== plausibility.version || hash !== plausibility.hash)
    throw attestRefusal(
      "plausibility",
      `it was looked at by other plausibility rules than we know to be in force in ${manifest.region}`,
    );
  checkVerification(manifest, local, statement);
}

/**
 * What the manifest says of the verification body is held against the body's own statement. On a local
 * network there is no body, and what names none needs none.
 */
function checkVerification(
  { verification, operator, region, vintage, category, createdAt }: Manifest2,
  local: boolean,
  statement: VerificationStatement | null,
): void {
  if (verification === null) {
    if (local) return;
    throw attestRefusal(
      "verification",
      "it names no statement of a verification body, which every batch outside a local network needs",
    );
  }
  if (statement === null) {
    if (local) return;
    throw attestRefusal(
      "verification-unknown",
      `it names the statement ${verification.statementHash} of a verification body, which we do not have. ` +
        "The body has its file",
      { act: "name-verification" },
    );
  }
  const hash = verificationHash(statement);
  const says = `the statement of ${statement.body} that we have`;
  if (verification.statementHash !== hash)
    throw attestRefusal(
      "verification-differs",
      `it names the statement ${verification.statementHash}, and ${says} hashes to ${hash}`,
    );
  const { level, opinion } = statement;
  if (verification.level !== level || verification.opinion !== opinion)
    throw attestRefusal(
      "verification-differs",
      `it gives ${verification.level} assurance and the opinion ${verification.opinion}, and ${says} gives ` +
        `${level} and ${opinion}`,
    );
  const fault = verificationFault(statement, {
    operator,
    region,
    vintage: yearOfDay(vintage.startDay),
    category: category as VerificationStatement["category"],
    closedOn: dayText(localDay(vintage.timeZone, createdAt)),
  });
  if (fault !== null) throw attestRefusal("verification-differs", `${says} ${fault}`);
}
