import { CheckFailedError, StateError } from "../base/errors/errors.ts";
import type { Milligrams } from "../base/types/quantities.ts";

/** The books of one batch on chain, in whole milligrams. `circulating` is minted - retired. */
export interface BatchAccounts {
  readonly total: Milligrams;
  readonly minted: Milligrams;
  readonly unminted: Milligrams;
  readonly struck: Milligrams;
  /** Struck grams that were minted already and are not yet cured; above 0 the batch is suspended. */
  readonly shortfall: Milligrams;
  /** Struck grams made good by retiring grams of another batch. */
  readonly replaced: Milligrams;
  /** Cursor of retirements: serial positions below it are used up. */
  readonly retired: Milligrams;
  /** Stays unminted until the claim period is over. */
  readonly buffer: Milligrams;
}

/** The books as they are at commit. @throws StateError `accounts.buffer` */
export function accountsAtCommit(total: Milligrams, buffer: Milligrams): BatchAccounts {
  const none = 0n as Milligrams;
  if (buffer > total) throw new StateError("accounts.buffer", "The buffer is more than the batch.");
  return { total, minted: none, unminted: total, struck: none, shortfall: none, replaced: none, retired: none, buffer };
}

/** Mints total - struck - buffer, once, after the challenge window. @throws StateError `accounts.minted`, `accounts.suspended`, `accounts.buffer` */
export function mintMain(accounts: BatchAccounts): BatchAccounts {
  if (accounts.minted > 0n) throw new StateError("accounts.minted", "The batch is minted already.");
  checkNotSuspended(accounts);
  if (accounts.buffer > accounts.total - accounts.struck)
    throw new StateError("accounts.buffer", "The buffer is more than what is left of the batch.");
  return settled(accounts, { minted: accounts.unminted - accounts.buffer, unminted: accounts.buffer });
}

/** Mints what is left, after the claim period. @throws StateError `accounts.suspended` */
export function mintRest(accounts: BatchAccounts): BatchAccounts {
  checkNotSuspended(accounts);
  return settled(accounts, { minted: accounts.minted + accounts.unminted, unminted: 0n });
}

/** Strikes a leaf of `size`. The caller strikes each leaf at most once. @throws StateError `accounts.strike` */
export function strikeLeaf(accounts: BatchAccounts, size: bigint): BatchAccounts {
  if (size <= 0n || accounts.struck + size > accounts.total)
    throw new StateError("accounts.strike", "More would be struck than the batch holds.");
  const covered = size < accounts.unminted ? size : accounts.unminted;
  return settled(accounts, {
    struck: accounts.struck + size,
    unminted: accounts.unminted - covered,
    shortfall: accounts.shortfall + size - covered,
  });
}

/** The operator burns circulating grams of this batch. @throws StateError `accounts.cure` */
export function cureByBurning(accounts: BatchAccounts, mass: bigint): BatchAccounts {
  checkCure(accounts, mass);
  if (mass > accounts.minted - accounts.retired) throw new StateError("accounts.cure", "Fewer grams circulate than are to be burned.");
  return settled(accounts, { minted: accounts.minted - mass, shortfall: accounts.shortfall - mass });
}

/** The operator retires equal grams of another batch. @throws StateError `accounts.cure` */
export function cureByReplacing(accounts: BatchAccounts, mass: bigint): BatchAccounts {
  checkCure(accounts, mass);
  return settled(accounts, { shortfall: accounts.shortfall - mass, replaced: accounts.replaced + mass });
}

/** The next serial range [start, end) at the cursor. @throws StateError `accounts.retire`, `accounts.suspended` */
export function retireNext(accounts: BatchAccounts, mass: bigint): { accounts: BatchAccounts; start: Milligrams; end: Milligrams } {
  checkNotSuspended(accounts);
  if (mass <= 0n || mass > accounts.minted - accounts.retired)
    throw new StateError("accounts.retire", "Fewer grams circulate than are to be retired.");
  const end = (accounts.retired + mass) as Milligrams;
  return { accounts: settled(accounts, { retired: end }), start: accounts.retired, end };
}

/**
 * The identity that holds at all times: total + shortfall + replaced = minted + unminted + struck, and nothing is retired that was not
 * minted. @throws CheckFailedError `accounts.identity`
 */
export function checkAccounts(accounts: BatchAccounts): void {
  const { total, minted, unminted, struck, shortfall, replaced, retired } = accounts;
  const owed = total + shortfall + replaced;
  const held = minted + unminted + struck;
  if (owed !== held || retired > minted || struck > total || Object.values(accounts).some((mass: bigint) => mass < 0n)) {
    throw new CheckFailedError(
      "accounts.identity",
      `The books of a batch don't balance: ${owed.toString()} mg against ${held.toString()} mg.`,
    );
  }
}

/** Struck grams that cost no one but the operator its unminted or burned ones: how far serial substitution reaches. */
export function coveredMilligrams(accounts: Pick<BatchAccounts, "struck" | "shortfall" | "replaced">): Milligrams {
  return (accounts.struck - accounts.shortfall - accounts.replaced) as Milligrams;
}

function settled(accounts: BatchAccounts, changes: Partial<Record<keyof BatchAccounts, bigint>>): BatchAccounts {
  const next = { ...accounts, ...(changes as Partial<BatchAccounts>) };
  checkAccounts(next);
  return next;
}

function checkNotSuspended(accounts: BatchAccounts): void {
  if (accounts.shortfall > 0n) throw new StateError("accounts.suspended", "The batch is suspended until its shortfall is cured.");
}

function checkCure(accounts: BatchAccounts, mass: bigint): void {
  if (mass <= 0n || mass > accounts.shortfall) throw new StateError("accounts.cure", "The cure is not between 1 mg and the shortfall.");
}
