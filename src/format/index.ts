/**
 * `microtonne/format`: the published batch format for programs outside of this project. What is listed here
 * by name is kept from version to version; no other file of `format` is one that others may import.
 */

// Ids, quantities, records.
export type {
  ActivityKey,
  Address,
  BatchId,
  Hex,
  MethodologyId,
  ProviderId,
  RegionCode,
  RetirementId,
  SubjectKey,
  TenantId,
} from "../base/types/ids.ts";
export { batchId, methodologyId, providerId, regionCode, retirementId, tenantId } from "../base/lib/ids.ts";
export type { BaseUnits, Day, MicroUnits, Milligrams, UnixSeconds } from "../base/types/quantities.ts";
export { formatTonnes, milligrams, parseTonnes, toBaseUnits, toMilligramsDown } from "../base/lib/mass.ts";
export { fromHex, toHex } from "../base/lib/bytes.ts";
export type { ActivityRecord, RecordAdditions, Unit } from "../base/types/activityRecord.ts";
export type { Methodology, Methodology1, Methodology2 } from "../base/types/methodology.ts";
export {
  CHOSEN_PURPOSES,
  PURPOSES,
  type ChosenPurpose,
  type Purpose,
  type Retirement,
  type RetirementLine,
} from "../base/types/retirement.ts";
export type { ProviderKeyWindow, ProviderKey } from "../base/types/providerKey.ts";
export {
  CheckFailedError,
  InputError,
  MicrotonneError,
  StateError,
  UnavailableError,
  UsageError,
} from "../base/errors/errors.ts";

// Canonical JSON and the one hash.
export { canonicalJson, parseCanonicalJson } from "./canonicalJson.ts";
export { keccak } from "./keccak.ts";

// A batch: records, leaves, tree, manifest.
export {
  canonicalRecords,
  parseRecords,
  RECORD_SCHEMA,
  RECORD_SCHEMA_2,
  type RecordSchemaName,
} from "./batch/record.ts";
export { fullRecord } from "./batch/records/additions.ts";
export { isTestMethodology, methodologyIdOf, parseMethodology, validityDays } from "./batch/methodology.ts";
export {
  SCENARIO_CLASSES,
  scenarioClass,
  scenarioClassOfCode,
  type ListedClass,
  type ScenarioClass,
} from "./batch/classes/scenarioClasses.ts";
export {
  ClassLists,
  scenarioClassListHash,
  SHIPPED_CLASS_LISTS,
  type ClassList,
  type ClassListVersion,
  type PublishedClasses,
} from "./batch/classes/classLists.ts";
export {
  parseClassListFile,
  publishedClassesOf,
  type ClassListFile,
  type OneClassVersion,
} from "./batch/classes/classListFile.ts";
export {
  activityMessage,
  subjectCommitment,
  subjectlessMessage,
  type ActivityKeyMessage,
  type SubjectKeyOfKind,
} from "./batch/keys.ts";
export {
  decodeLeaf,
  encodeLeaf,
  holderCommitment,
  LAST_ACTIVITY_KEY,
  LEAF_BYTES,
  leafHash,
  leafSize,
  recordHash,
  type Leaf,
} from "./batch/leaf.ts";
export { linkFault, type LinkFault } from "./batch/linkFault.ts";
export {
  buildSumTree,
  leafNode,
  nodeBytes,
  parentNode,
  type MassRange,
  type SumCommitment,
  type SumNode,
  type SumTree,
} from "./batch/sumTree.ts";
export { SumTreeStream } from "./batch/sumTreeStream.ts";
export {
  batchIdOf,
  bufferMilligramsDown,
  decodeManifest,
  categoryOf,
  encodeManifest,
  type BatchCategory,
  type ListVersion,
  type Manifest,
  type Manifest2,
  type ManifestProject,
  type ManifestProvider,
} from "./batch/manifest.ts";
export { MANIFEST_FORMAT } from "./batch/manifestSchema.ts";
export {
  LEAF_SCHEMA,
  MANIFEST_FORMAT_1,
  type KeySchemeYear,
  type Manifest1,
  type ManifestContracts,
} from "./v1/manifest.ts";
export { CORE_CONTRACT_NAMES, type CoreContractName } from "./v1/contractNames.ts";
export { manifestTerms, type ManifestTerms } from "./batch/manifestTerms.ts";
export { checkManifest } from "./batch/checkManifest.ts";
export { parseSerialText, serialText, type ParsedSerial, type SerialRange } from "./batch/serial.ts";
export { coveredMilligrams, unmintedOf, type BatchAccounts } from "./batch/accounting.ts";
export {
  gramsBehind,
  NO_STRIKES,
  strikesHashOf,
  type BackedPositions,
  type Strike,
} from "./batch/strikes.ts";
export { stretchesOf } from "./batch/stretchesOf.ts";

// An archive.
export {
  batchFolder,
  bundleCount,
  bundlePath,
  MANIFEST_PATH,
  nodesOnTileLevel,
  tilePath,
  topTileLevel,
} from "./archive/archiveLayout.ts";
export { Archive, type ArchiveSource, type PlacedLeaf } from "./archive/readArchive.ts";
export { ArchiveStream, type ArchiveCommitment, type ArchiveSink } from "./archive/archiveStream.ts";

// Proofs, and what shows a fault on chain.
export { proveInclusion, verifyInclusion, type InclusionProof } from "./proofs/inclusionProof.ts";
export { proveRange, verifyRange, type RangeProof } from "./proofs/rangeProof.ts";
export { openSpans, type OpenedLeaf, type OpenedSpan, type SpanProof } from "./proofs/openSpans.ts";
export { checkSpans, type SpanBacking } from "./proofs/checkSpans.ts";
export { rangeOfSpan } from "./proofs/rangeOfSpan.ts";
export { verifyAbsence } from "./proofs/verifyAbsence.ts";
export {
  openGram,
  showBrokenLink,
  showDoubleClaim,
  showOutsideMethodology,
  type CommittedTerms,
  type ProvenLeaf,
} from "./proofs/disputes.ts";
export {
  decodeProofFile,
  encodeProofFile,
  proofFormatOf,
  type AccountProof,
  type ActProof,
  type BlockEvidence,
  type ProofFile,
  type ProofFormat,
  type ProofPart,
} from "./proofs/proofFile.ts";

// Providers' signatures.
export {
  isPublicKey,
  PUBLIC_KEY_BYTES,
  publicKeyOf,
  SEED_BYTES,
  SIGNATURE_BYTES,
  signEd25519,
  verifyEd25519,
} from "./ed25519.ts";
export {
  encodeFileSignature,
  FILE_SIGNATURE_FORMAT,
  fileStatementMessage,
  parseFileSignature,
  signedFileId,
  type FileSignature,
  type FileStatement,
} from "./signing/fileSignature.ts";
export {
  NO_SUBJECT,
  recordNonce,
  recordSignatureMessage,
  signedFormOf,
  signedRecordDigest,
  type SignedForm,
  providerKeyId,
  subjectDigest,
} from "./signing/signedRecord.ts";
export {
  ATTESTATION_BYTES,
  attestationAttributes,
  attestationHolds,
  attestationMessage,
  attestationsOf,
  attestorId,
  MAX_ATTESTATIONS,
  type AttestorSignature,
} from "./signing/attestations.ts";
export { digestLeaf, digestRoot, DigestTreeStream } from "./signing/digestTree.ts";
export {
  decodeEvidence,
  encodeEvidence,
  EvidenceChecker,
  type EvidenceFacts,
  type RecordEvidence,
  type SignedFileEvidence,
  type SignedRecordEvidence,
} from "./signing/recordEvidence.ts";

// What the contracts keep and sign over.
export {
  CONTRACT_NAMES,
  type ContractAddresses,
  type ContractName,
  type Deployment,
} from "../base/types/deployment.ts";
export { decodeDeployment, encodeDeployment } from "./onchain/deployment.ts";
export {
  ADJUSTMENTS,
  adjustmentNumber,
  batchStatementOf,
  categoryNumber,
  COMMITTED_CATEGORIES,
  isStatement2,
  keySchemeHash,
  methodologiesHash,
  STATEMENT_DOMAIN_VERSION,
  STATEMENT_TYPE,
  statementDigest,
  type Adjustment,
  type BatchStatement,
  type CommittedCategory,
  type StatedManifest,
} from "./onchain/batchStatement.ts";
export { termsHashOf, type BatchTerms, type TermedManifest } from "./onchain/termsHash.ts";
export {
  STATEMENT_DOMAIN_NAME,
  STATEMENT_DOMAIN_VERSION_1,
  STATEMENT_TYPE_1,
  type BatchStatement1,
} from "./v1/batchStatement.ts";
export {
  beneficiaryHash,
  documentHash,
  purposeNumber,
  purposeOfNumber,
  retirementIdOf,
  retirementRecordHash,
  type Beneficiary,
} from "./onchain/retirementRecord.ts";
export {
  attestersHashOf,
  BATCH_NAMESPACE,
  BATCH_STATUSES,
  batchSlots,
  decodeBatchWords,
  provenanceHashOf,
  RETIREMENT_NAMESPACE,
  retirementSlot,
  SUSPENSION_CAUSES,
  type BatchStatus,
  type BatchWords,
  type SuspensionCause,
} from "./onchain/storageLayout.ts";
