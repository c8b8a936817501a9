// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../libraries/Accounting.sol";
import {Batch, BatchAccount, DisputeKind, StoredBatch} from "../types/Batch.sol";
import {Milligrams} from "../types/Milligrams.sol";

/// @title Between a batch's storage words and its books.
library BatchAccounts {
    /// @notice The books of a batch. Without strikes the word of shortfall and replacement is zero and not
    /// read.
    function load(StoredBatch storage stored) internal view returns (BatchAccount memory account) {
        account.totalMg = Milligrams.unwrap(stored.totalMg);
        account.mintedMg = Milligrams.unwrap(stored.mintedMg);
        account.struckMg = Milligrams.unwrap(stored.struckMg);
        account.retiredMg = Milligrams.unwrap(stored.retiredMg);
        if (account.struckMg > 0) {
            account.shortfallMg = Milligrams.unwrap(stored.shortfallMg);
            account.replacedMg = Milligrams.unwrap(stored.replacedMg);
        }
    }

    /// @notice Writes the books back, each word once; the second only where there ever was a strike.
    function save(StoredBatch storage stored, BatchAccount memory account) internal {
        saveMasses(stored, account.totalMg, account.mintedMg, account.struckMg, account.retiredMg);
        if (account.struckMg > 0) saveDebts(stored, account.shortfallMg, account.replacedMg);
    }

    /// @notice How many disputes of a kind are open.
    function openOf(StoredBatch storage stored, DisputeKind kind) internal view returns (uint16) {
        return kind == DisputeKind.DoubleClaim ? stored.openClaims : stored.openGrams;
    }

    function setOpen(StoredBatch storage stored, DisputeKind kind, uint16 count) internal {
        if (kind == DisputeKind.DoubleClaim) stored.openClaims = count;
        else stored.openGrams = count;
    }

    /// @notice How many disputes are open, whatever their kind.
    function openDisputes(StoredBatch storage stored) internal view returns (uint32) {
        return uint32(stored.openClaims) + stored.openGrams;
    }

    /// @notice The batch as one record for readers.
    function flat(StoredBatch storage stored) internal view returns (Batch memory batch) {
        BatchAccount memory account = load(stored);
        batch.totalMg = Milligrams.wrap(account.totalMg);
        batch.mintedMg = Milligrams.wrap(account.mintedMg);
        batch.unmintedMg = Milligrams.wrap(Accounting.unminted(account));
        batch.struckMg = Milligrams.wrap(account.struckMg);
        batch.shortfallMg = Milligrams.wrap(account.shortfallMg);
        batch.replacedMg = Milligrams.wrap(account.replacedMg);
        batch.retiredMg = Milligrams.wrap(account.retiredMg);
        batch.bufferMg = stored.bufferMg;
        batch.operator = stored.operator;
        batch.committedAt = stored.committedAt;
        batch.challengeWindow = stored.challengeWindow;
        batch.leafCount = stored.leafCount;
        batch.status = stored.status;
        batch.suspension = stored.suspension;
        batch.category = stored.category;
        batch.adjustment = stored.adjustment;
        batch.contestedMg = stored.contestedMg;
        batch.openClaims = stored.openClaims;
        batch.openGrams = stored.openGrams;
        batch.impositions = stored.impositions;
        batch.provenanceHash = stored.provenanceHash;
        batch.strikesHash = stored.strikesHash;
        batch.vintageStartDay = stored.vintageStartDay.widened();
        batch.vintageEndDay = stored.vintageEndDay.widened();
        batch.useByDay = stored.useByDay.widened();
        batch.claimPeriodDays = stored.claimPeriodDays;
        batch.hostCountry = stored.hostCountry;
        batch.region = stored.region;
        batch.writeOff = stored.writeOff;
    }

    /// @dev Values come as arguments here and below, so that the compiler writes their common slot once.
    function saveMasses(
        StoredBatch storage stored,
        uint64 totalMg,
        uint64 mintedMg,
        uint64 struckMg,
        uint64 retiredMg
    ) private {
        stored.totalMg = Milligrams.wrap(totalMg);
        stored.mintedMg = Milligrams.wrap(mintedMg);
        stored.struckMg = Milligrams.wrap(struckMg);
        stored.retiredMg = Milligrams.wrap(retiredMg);
    }

    function saveDebts(StoredBatch storage stored, uint64 shortfallMg, uint64 replacedMg) private {
        stored.shortfallMg = Milligrams.wrap(shortfallMg);
        stored.replacedMg = Milligrams.wrap(replacedMg);
    }
}
