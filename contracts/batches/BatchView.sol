// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Batch, StoredBatch} from "../types/Batch.sol";

/// @title Batches as readers get them.
library BatchView {
    /// @notice The stored words of a batch as one flat record.
    function flat(StoredBatch storage stored) internal view returns (Batch memory batch) {
        batch.root = stored.root;
        batch.totalMg = stored.account.totalMg;
        batch.mintedMg = stored.account.mintedMg;
        batch.unmintedMg = stored.account.unmintedMg;
        batch.struckMg = stored.account.struckMg;
        batch.shortfallMg = stored.account.shortfallMg;
        batch.replacedMg = stored.account.replacedMg;
        batch.retiredMg = stored.account.retiredMg;
        batch.bufferMg = stored.bufferMg;
        batch.operator = stored.operator;
        batch.committedAt = stored.committedAt;
        batch.leafCount = stored.leafCount;
        batch.status = stored.status;
        batch.attestersHash = stored.attestersHash;
        batch.strikesHash = stored.strikesHash;
        batch.vintageStartDay = stored.vintageStartDay;
        batch.vintageEndDay = stored.vintageEndDay;
        batch.claimPeriodDays = stored.claimPeriodDays;
        batch.region = stored.region;
    }
}
