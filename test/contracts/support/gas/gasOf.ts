/** Gas of one whole transaction, unless `operation` says otherwise. */
export interface GasFigure {
  readonly operation: string;
  readonly gas: number;
  /** What we want it to stay within; null where none was set. */
  readonly target: number | null;
  /** The cheapest peer that does the same, as "name: gas"; null where none does. */
  readonly bestPeer: string | null;
}

interface Sent {
  wait(): Promise<{ gasUsed: bigint } | null>;
}

/** Gas that a transaction used. */
export async function gasOf(transaction: Promise<Sent>): Promise<number> {
  const receipt = await (await transaction).wait();
  if (receipt === null) throw new Error("The transaction was not mined.");
  return Number(receipt.gasUsed);
}
