/**
 * `microtonne/verify`: checks proof files and archives, in Node or in a browser, trusting nobody here.
 * Nothing is read or asked for but what the caller hands in.
 */
export { CheckFailedError, InputError } from "../base/errors/errors.ts";
export { verifyProof } from "./verifyProof.ts";
export { verifyArchive } from "./verifyArchive.ts";
export { HttpArchive, type HttpArchiveOptions, type Traffic } from "./httpArchive.ts";
export { proveFromArchive, type WantedLeaf } from "./proveFromArchive.ts";
export { verdictText } from "./sentences/verdictText.ts";
export type { ArchiveOf } from "./readSpans.ts";
export type { Trust, TrustedBatch, TrustMode } from "./trust.ts";
export type { ManifestTerms } from "../format/batch/manifestTerms.ts";
export type { BatchChainFacts, BatchFacts, RetirementFacts, Verdict, VerdictFacts } from "./verdict.ts";

// For batches whose classes a registry published after this version shipped.
export { ClassLists, SHIPPED_CLASS_LISTS } from "../format/batch/classes/classLists.ts";
export { parseClassListFile, publishedClassesOf } from "../format/batch/classes/classListFile.ts";

// For `Trust` of mode `rpc`: a node that the verifier trusts.
export {
  connectChain,
  type ChainClient,
  type ConnectOptions,
  type ReadClient,
} from "../adapters/chain/readOnly.ts";
