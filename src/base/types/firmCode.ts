/** A firm's code in public registers: a Legal Entity Identifier, or a unified social credit code. */
export interface FirmCode {
  readonly scheme: "LEI" | "USCC";
  /** Capitals, check digits right. */
  readonly code: string;
}
