import { CheckFailedError, StateError } from "../../base/errors/errors.ts";
import type { Milligrams } from "../../base/types/quantities.ts";

/**
 * The books of one batch on chain, in whole milligrams, as `contracts/libraries/Accounting.sol` keeps them.
 * What is unminted follows from them (`unmintedOf`); `circulating` is minted - retired.
 */
export interface BatchAccounts {
  readonly total: Milligrams;
  readonly minted: Milligrams;
  readonly struck: Milligrams;
  /** Cursor of retirements: serial positions below it are used up. */
  readonly retired: Milligrams;
  /** Struck grams that were minted already and are not yet cured; above 0 the batch is suspended. */
  readonly shortfall: Milligrams;
  /** Struck grams made good by retiring grams of another batch. */
  readonly replaced: Milligrams;
}

/**
 * Committed milligrams that were neither minted nor struck before they could be: total + shortfall + replaced
 * - minted - struck.
 */
export function unmintedOf({
  total,
  shortfall,
  replaced,
  minted,
  struck,
}: Omit<BatchAccounts, "retired">): Milligrams {
  return (total + shortfall + replaced - minted - struck) as Milligrams;
}

/** The books as they are at commit. @throws StateError `accounts.buffer` */
export function accountsAtCommit(total: Milligrams, buffer: Milligrams): BatchAccounts {
  const none = 0n as Milligrams;
  if (buffer > total) throw new StateError("accounts.buffer", "The buffer is more than the batch.");
  return { total, minted: none, struck: none, retired: none, shortfall: none, replaced: none };
}

/**
 * Mints what is unminted but the buffer (total - struck - buffer), once, after the challenge window; nothing
 * where strikes left no more than the buffer.
 * @throws StateError `accounts.minted`, `accounts.suspended`
 */
export function mintMain(accounts: BatchAccounts, buffer: Milligrams): BatchAccounts {
  if (accounts.minted > 0n) throw new StateError("accounts.minted", "The batch is minted already.");
  checkNotSuspended(accounts);
  const left = unmintedOf(accounts);
  return settled(accounts, { minted: left > buffer ? left - buffer : 0n });
}

/** Mints what is left, after the claim period. @throws StateError `accounts.suspended` */
export function mintRest(accounts: BatchAccounts): BatchAccounts {
  checkNotSuspended(accounts);
  return settled(accounts, { minted: accounts.minted + unmintedOf(accounts) });
}

/**
 * Strikes a leaf of `size`: what is unminted pays first. The caller strikes each leaf at most once. @throws
 * StateError `accounts.strike`
 */
export function strikeLeaf(accounts: BatchAccounts, size: bigint): BatchAccounts {
  if (size <= 0n || accounts.struck + size > accounts.total)
    throw new StateError("accounts.strike", "More would be struck than the batch holds.");
  const left = unmintedOf(accounts);
  return settled(accounts, {
    struck: accounts.struck + size,
    shortfall: accounts.shortfall + size - (size < left ? size : left),
  });
}

/** The operator burns circulating grams of this batch. @throws StateError `accounts.cure` */
export function cureByBurning(accounts: BatchAccounts, mass: bigint): BatchAccounts {
  checkCure(accounts, mass);
  if (mass > accounts.minted - accounts.retired)
    throw new StateError("accounts.cure", "Fewer grams circulate than are to be burned.");
  return settled(accounts, { minted: accounts.minted - mass, shortfall: accounts.shortfall - mass });
}

/** The operator retires equal grams of another batch. @throws StateError `accounts.cure` */
export function cureByReplacing(accounts: BatchAccounts, mass: bigint): BatchAccounts {
  checkCure(accounts, mass);
  return settled(accounts, { shortfall: accounts.shortfall - mass, replaced: accounts.replaced + mass });
}

/**
 * The next serial range [start, end) at the cursor. @throws StateError `accounts.retire`,
 * `accounts.suspended`
 */
export function retireNext(
  accounts: BatchAccounts,
  mass: bigint,
): { accounts: BatchAccounts; start: Milligrams; end: Milligrams } {
  checkNotSuspended(accounts);
  if (mass <= 0n || mass > accounts.minted - accounts.retired)
    throw new StateError("accounts.retire", "Fewer grams circulate than are to be retired.");
  const end = (accounts.retired + mass) as Milligrams;
  return { accounts: settled(accounts, { retired: end }), start: accounts.retired, end };
}

/**
 * What holds at all times: total + shortfall + replaced = minted + unminted + struck with nothing below zero,
 * no more is retired than was minted, and no more is struck than there is, or owed and replaced than was
 * struck. @throws CheckFailedError `accounts.identity`
 */
export function checkAccounts(accounts: BatchAccounts): void {
  const { total, minted, struck, retired, shortfall, replaced } = accounts;
  const unminted = unmintedOf(accounts);
  const masses = [total, minted, struck, retired, shortfall, replaced, unminted];
  if (
    retired > minted ||
    struck > total ||
    shortfall + replaced > struck ||
    masses.some((mass) => mass < 0n)
  ) {
    throw new CheckFailedError(
      "accounts.identity",
      `The books of a batch don't balance: of ${total.toString()} mg, ${minted.toString()} are minted, ` +
        `${unminted.toString()} unminted, ${struck.toString()} struck, ${retired.toString()} retired, ` +
        `${shortfall.toString()} owed and ${replaced.toString()} replaced.`,
    );
  }
}

/**
 * Struck grams that cost no one but the operator its unminted or burned ones: how far serial substitution
 * reaches.
 */
export function coveredMilligrams(
  accounts: Pick<BatchAccounts, "struck" | "shortfall" | "replaced">,
): Milligrams {
  return (accounts.struck - accounts.shortfall - accounts.replaced) as Milligrams;
}

function settled(
  accounts: BatchAccounts,
  changes: Partial<Record<keyof BatchAccounts, bigint>>,
): BatchAccounts {
  const next = { ...accounts, ...(changes as Partial<BatchAccounts>) };
  checkAccounts(next);
  return next;
}

function checkNotSuspended(accounts: BatchAccounts): void {
  if (accounts.shortfall > 0n)
    throw new StateError("accounts.suspended", "The batch is suspended until its shortfall is cured.");
}

function checkCure(accounts: BatchAccounts, mass: bigint): void {
  if (mass <= 0n || mass > accounts.shortfall)
    throw new StateError("accounts.cure", "The cure is not between 1 mg and the shortfall.");
}
