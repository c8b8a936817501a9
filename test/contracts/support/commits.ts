import { refusal } from "./refusal.ts";
import { attest, METHODOLOGY, statementOf, type Statement, type System } from "./system.ts";

/**
 * The error that a commit by the statement's operator is refused with, attested by two verifiers unless
 * signatures are given.
 */
export async function refusalOfCommit(
  system: System,
  changes: Partial<Statement>,
  signatures?: readonly string[],
  methodologyIds = [METHODOLOGY],
): Promise<string> {
  const statement = statementOf(system, changes);
  const attestations = signatures ?? (await attest(system, statement));
  const operator = await system.ethers.getSigner(statement.operator);
  return refusal(system.batches.connect(operator).commit(statement, methodologyIds, [...attestations]));
}

/**
 * Of a signature that does not recover to its maker: whoever it does recover to is a stranger, or out of
 * order.
 */
export const OF_A_STRANGER = /^(SignerNotEntitled|SignersNotAscending)\(/;
