import type { RegionCode } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { beginningOf, type RecognitionMatrix } from "./matrixSchema.ts";

/** Rules of recognition by their authority. */
export class RecognitionBook {
  readonly #matrices: readonly RecognitionMatrix[];

  constructor(matrices: readonly RecognitionMatrix[]) {
    this.#matrices = matrices.toSorted((a, b) => a.version - b.version);
  }

  /** The highest of an authority's versions that have begun; null where it has published none. */
  inForce(authority: RegionCode, at: UnixSeconds): RecognitionMatrix | null {
    return (
      this.#matrices.findLast((matrix) => matrix.authority === authority && beginningOf(matrix) <= at) ?? null
    );
  }
}
