// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../libraries/Accounting.sol";
import {Batch, BatchAccount, StoredBatch} from "../types/Batch.sol";

/// @title Between a batch's storage words and its books.
library BatchAccounts {
    /// @notice The books of a batch. Without strikes the word of shortfall and replacement is zero and not
    /// read.
    function load(StoredBatch storage stored) internal view returns (BatchAccount memory account) {
        account.totalMg = stored.totalMg;
        account.mintedMg = stored.mintedMg;
        account.struckMg = stored.struckMg;
        account.retiredMg = stored.retiredMg;
        if (account.struckMg > 0) {
            account.shortfallMg = stored.shortfallMg;
            account.replacedMg = stored.replacedMg;
        }
    }

    /// @notice Writes the books back, each word once; the second only where there ever was a strike.
    function save(StoredBatch storage stored, BatchAccount memory account) internal {
        saveMasses(stored, account.totalMg, account.mintedMg, account.struckMg, account.retiredMg);
        if (account.struckMg > 0) saveDebts(stored, account.shortfallMg, account.replacedMg);
    }

    /// @notice The batch as one record for readers.
    function flat(StoredBatch storage stored) internal view returns (Batch memory batch) {
        BatchAccount memory account = load(stored);
        batch.totalMg = account.totalMg;
        batch.mintedMg = account.mintedMg;
        batch.unmintedMg = Accounting.unminted(account);
        batch.struckMg = account.struckMg;
        batch.shortfallMg = account.shortfallMg;
        batch.replacedMg = account.replacedMg;
        batch.retiredMg = account.retiredMg;
        batch.bufferMg = stored.bufferMg;
        batch.operator = stored.operator;
        batch.committedAt = stored.committedAt;
        batch.challengeWindow = stored.challengeWindow;
        batch.leafCount = stored.leafCount;
        batch.status = stored.status;
        batch.suspension = stored.suspension;
        batch.openDisputes = stored.openDisputes;
        batch.provenanceHash = stored.provenanceHash;
        batch.strikesHash = stored.strikesHash;
        batch.vintageStartDay = stored.vintageStartDay;
        batch.vintageEndDay = stored.vintageEndDay;
        batch.claimPeriodDays = stored.claimPeriodDays;
        batch.region = stored.region;
    }

    /// @dev Values come as arguments here and below, so that the compiler writes their common slot once.
    function saveMasses(
        StoredBatch storage stored,
        uint64 totalMg,
        uint64 mintedMg,
        uint64 struckMg,
        uint64 retiredMg
    ) private {
        stored.totalMg = totalMg;
        stored.mintedMg = mintedMg;
        stored.struckMg = struckMg;
        stored.retiredMg = retiredMg;
    }

    function saveDebts(StoredBatch storage stored, uint64 shortfallMg, uint64 replacedMg) private {
        stored.shortfallMg = shortfallMg;
        stored.replacedMg = replacedMg;
    }
}
