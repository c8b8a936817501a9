// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchAccount} from "../types/Batch.sol";

/// @title Bookkeeping of one batch in whole milligrams.
/// @notice Every function keeps `total + shortfall + replaced = minted + unminted + struck` with nothing
/// below zero, `retired <= minted` and `shortfall + replaced <= struck <= total`. Source: batch format,
/// "Accounting of a batch on chain".
/// @dev No assembly, no storage and no dependency: the SMTChecker proves these laws on this very code
/// (test/contracts/proofs). Each function changes the books that it is given and returns them; the prover
/// follows what is returned, not references.
library Accounting {
    /// @notice The buffer is more than the batch.
    error BufferExceedsTotal(uint64 bufferMilligrams, uint64 totalMilligrams);
    /// @notice Fewer milligrams of the batch are in circulation than asked for.
    error RetirementExceedsMinted(uint64 milligrams, uint64 availableMilligrams);
    /// @notice More would be struck than the batch holds.
    error StrikeExceedsTotal(uint64 milligrams, uint64 liveMilligrams);
    /// @notice A cure is between 1 mg and the shortfall, and burns no more than circulates.
    error CureOutOfRange(uint64 milligrams, uint64 mostMilligrams);

    /// @notice A freshly committed batch: everything is unminted.
    /// @dev Reverts BufferExceedsTotal.
    function commit(uint64 totalMg, uint64 bufferMg) internal pure returns (BatchAccount memory account) {
        require(bufferMg <= totalMg, BufferExceedsTotal(bufferMg, totalMg));
        account.totalMg = totalMg;
    }

    /// @notice Committed milligrams that were neither minted nor struck before they could be.
    function unminted(BatchAccount memory account) internal pure returns (uint64) {
        // Fits: shortfall + replaced <= total < 2^63.
        return
            account.totalMg + account.shortfallMg + account.replacedMg - account.mintedMg - account.struckMg;
    }

    /// @notice The main mint of a batch: everything unminted but what is held back, nothing where strikes
    /// left no more than that. Before it, unminted = total - struck.
    /// @dev The caller mints once.
    function mintMain(
        BatchAccount memory account,
        uint64 heldBackMg
    ) internal pure returns (BatchAccount memory changed, uint64 milligrams) {
        uint64 left = unminted(account);
        milligrams = left > heldBackMg ? left - heldBackMg : 0;
        changed = account;
        changed.mintedMg += milligrams;
    }

    /// @notice The mint of what is left after the claim period.
    function mintRest(
        BatchAccount memory account
    ) internal pure returns (BatchAccount memory changed, uint64 milligrams) {
        milligrams = unminted(account);
        changed = account;
        changed.mintedMg += milligrams;
    }

    /// @notice Uses up the next serial range [start, end) at the cursor.
    /// @dev Reverts RetirementExceedsMinted.
    function retire(
        BatchAccount memory account,
        uint64 milligrams
    ) internal pure returns (BatchAccount memory changed, uint64 start, uint64 end) {
        start = account.retiredMg;
        uint64 available = account.mintedMg - start;
        require(milligrams <= available, RetirementExceedsMinted(milligrams, available));
        end = start + milligrams;
        changed = account;
        changed.retiredMg = end;
    }

    /// @notice Strikes a leaf: what is unminted pays first, the rest is the operator's shortfall. The caller
    /// strikes a leaf once.
    /// @dev Reverts StrikeExceedsTotal.
    function strike(
        BatchAccount memory account,
        uint64 milligrams
    ) internal pure returns (BatchAccount memory changed) {
        uint64 live = account.totalMg - account.struckMg;
        require(milligrams <= live, StrikeExceedsTotal(milligrams, live));
        uint64 left = unminted(account);
        uint64 covered = milligrams < left ? milligrams : left;
        changed = account;
        changed.struckMg += milligrams;
        changed.shortfallMg += milligrams - covered;
    }

    /// @notice The operator burns circulating grams of this batch.
    /// @dev Reverts CureOutOfRange.
    function cureByBurning(
        BatchAccount memory account,
        uint64 milligrams
    ) internal pure returns (BatchAccount memory changed) {
        uint64 circulating = account.mintedMg - account.retiredMg;
        uint64 most = account.shortfallMg < circulating ? account.shortfallMg : circulating;
        require(milligrams > 0 && milligrams <= most, CureOutOfRange(milligrams, most));
        changed = account;
        changed.mintedMg -= milligrams;
        changed.shortfallMg -= milligrams;
    }

    /// @notice The operator retires equal grams of another batch.
    /// @dev Reverts CureOutOfRange.
    function cureByReplacing(
        BatchAccount memory account,
        uint64 milligrams
    ) internal pure returns (BatchAccount memory changed) {
        require(
            milligrams > 0 && milligrams <= account.shortfallMg,
            CureOutOfRange(milligrams, account.shortfallMg)
        );
        changed = account;
        changed.shortfallMg -= milligrams;
        changed.replacedMg += milligrams;
    }
}
