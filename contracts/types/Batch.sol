// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "./Day.sol";
import {Milligrams} from "./Milligrams.sol";

/// @notice Life of a batch. Later values are appended, never inserted.
enum BatchStatus {
    None,
    Committed,
    /// The main mint is done, the buffer is held back.
    Minted,
    /// The claim period is over and what was left is minted too.
    Completed
}

/// @notice The books of a batch, in whole milligrams below 2^63. Source: batch format, "Accounting of a batch
/// on chain".
/// @dev What is unminted follows: total + shortfall + replaced - minted - struck. It has no field of its own,
/// so that it can't disagree.
struct BatchAccount {
    uint64 totalMg;
    uint64 mintedMg;
    uint64 struckMg;
    uint64 retiredMg;
    uint64 shortfallMg;
    uint64 replacedMg;
}

/// @notice A batch as it lies in storage, six words from its mapping slot. Offline proofs read these words by
/// position: never reorder.
/// @dev The root is not among them: `BatchStorage.batchOfRoot` holds it as a key, which binds it to the batch
/// in the same way.
struct StoredBatch {
    /// +0: whole milligrams
    Milligrams totalMg;
    Milligrams mintedMg;
    Milligrams struckMg;
    Milligrams retiredMg;
    /// +1: committedAt in unix seconds; `suspension` has bits of `SuspensionCause`, the batch is suspended
    /// while any is set.
    address operator;
    uint40 committedAt;
    uint32 leafCount;
    BatchStatus status;
    uint8 suspension;
    uint8 openDisputes;
    /// +2: keccak256(abi.encode(attestersHash, methodologiesHash)), see `Provenance`
    bytes32 provenanceHash;
    /// +3, fixed at commit: days since 1970-01-01 in the batch's time zone, both ends inclusive; region as
    /// right-padded ASCII; buffer in milligrams; challenge window in seconds.
    Day vintageStartDay;
    Day vintageEndDay;
    uint32 claimPeriodDays;
    bytes8 region;
    Milligrams bufferMg;
    uint32 challengeWindow;
    /// +4: whole milligrams; first written at a strike
    Milligrams shortfallMg;
    Milligrams replacedMg;
    /// +5: 0 while nothing is struck
    bytes32 strikesHash;
}

/// @notice A batch as views return it.
struct Batch {
    Milligrams totalMg;
    Milligrams mintedMg;
    Milligrams unmintedMg;
    Milligrams struckMg;
    Milligrams shortfallMg;
    Milligrams replacedMg;
    Milligrams retiredMg;
    Milligrams bufferMg;
    address operator;
    uint40 committedAt;
    uint32 challengeWindow;
    uint32 leafCount;
    BatchStatus status;
    uint8 suspension;
    uint8 openDisputes;
    bytes32 provenanceHash;
    bytes32 strikesHash;
    Day vintageStartDay;
    Day vintageEndDay;
    uint32 claimPeriodDays;
    bytes8 region;
}

/// @notice Who attested a batch and what it was quantified by. The chain keeps one hash of both; who needs
/// them brings them along.
struct Provenance {
    /// Ascending.
    address[] attesters;
    /// Ascending.
    bytes32[] methodologyIds;
}

/// @notice Bits of `StoredBatch.suspension`.
library SuspensionCause {
    /// More was struck than was left unminted; ends when the operator has cured it.
    uint8 internal constant SHORTFALL = 1;
    /// The chain of activity keys is broken.
    uint8 internal constant BROKEN_LINK = 2;
    /// The operator did not open a gram in time.
    uint8 internal constant UNOPENED_GRAM = 4;
    /// A dispute got no ruling in time.
    uint8 internal constant NO_RULING = 8;
    /// A regulator's order.
    uint8 internal constant ORDER = 16;
    /// A verifier quorum's decision, with its reason.
    uint8 internal constant QUORUM = 32;
    /// What the contract of disputes sets and lifts. A shortfall is lifted by its cure alone, an order by a
    /// regulator.
    uint8 internal constant LIFTABLE = BROKEN_LINK | UNOPENED_GRAM | NO_RULING | QUORUM;
}
