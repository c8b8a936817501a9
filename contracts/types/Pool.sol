// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchId} from "./BatchId.sol";
import {Day} from "./Day.sol";
import {Milligrams} from "./Milligrams.sol";

/// @notice What a pool takes in and what it charges; fixed at its creation.
struct PoolTerms {
    /// Every methodology of a batch must be among these. At least one, strictly ascending.
    bytes32[] methodologyIds;
    /// Right-padded ASCII, strictly ascending; none: batches of any region.
    bytes8[] regions;
    /// Calendar years of the vintage, both inclusive; no later than 2148.
    uint16 firstYear;
    uint16 lastYear;
    /// Days from the end of the vintage to a deposit at most, by UTC days; 0: no limit.
    uint32 maxAgeDays;
    /// Verifiers who attested a batch at least.
    uint8 minAttesters;
    /// Most that one batch may make of all shares after a deposit of it, in hundredths of a percent, 1 to
    /// 10,000.
    uint16 capBps;
    /// Milligrams of one batch up to which the cap does not bind, so that a pool can start.
    Milligrams capFloorMg;
    /// Fee of whoever chooses batches, in hundredths of a percent, rounded up to the milligram per batch; 0
    /// to 10,000.
    uint16 choiceFeeBps;
    /// Who gets the fees; 0 where there are none.
    address feeCollector;
}

/// @notice What a pool remembers of a batch; one slot. How much it holds is the credits' to say.
struct PoolEntry {
    /// Days since 1970-01-01, as in the batch.
    Day vintageEndDay;
    /// The batch has shown once that it meets the terms.
    bool admitted;
    /// It stands in the order from which the oldest is redeemed.
    bool queued;
    /// Where it stands in the list of its day.
    uint32 position;
}

/// @notice Milligrams of one batch to take out of a pool, > 0.
struct PoolAmount {
    BatchId batchId;
    Milligrams milligrams;
}
