import type { ProofFile } from "../format/proofs/proofFile.ts";
import type { ChainState } from "./chain/chainState.ts";
import type { AnchoredBatch } from "./chain/checkBatchWords.ts";
import type { CheckedPart } from "./parts/checkPart.ts";
import type { RetiredLine } from "./parts/retiredLines.ts";
import type { TrustMode } from "./trust.ts";

/** A part with what the trust input adds to it. */
export interface JudgedPart extends CheckedPart {
  /** Null where no chain was looked at. */
  readonly anchored: AnchoredBatch | null;
  /** Null in a proof of acts. */
  readonly line: RetiredLine | null;
  /** True where the file has spans and the leaves between were read. */
  readonly readFromArchive: boolean;
}

/** What holds that which is judged: a file, or an archive out of which a file of one leaf was made here. */
export type ShownBy = "file" | "archive";

/** All that a verdict is worded from. */
export interface Judgement {
  readonly mode: TrustMode;
  readonly file: ProofFile;
  readonly shownBy: ShownBy;
  readonly parts: readonly JudgedPart[];
  readonly state: ChainState | null;
  /** Batches known by their tree alone (`Anchor`). */
  readonly treeOnly: readonly string[];
}
