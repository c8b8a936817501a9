// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day, StoredDay} from "./Day.sol";
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

/// @notice What a write-off fixed, one word, all zero without one: what circulated, the shortfall and the
/// cursor then, and the milligrams that retirements since counted for.
struct WriteOff {
    Milligrams circulatingMg;
    Milligrams shortfallMg;
    Milligrams retiredMg;
    Milligrams countedMg;
}

/// @notice A batch as it lies in storage, seven words from its mapping slot. Offline proofs read these words
/// by position: never reorder. What no contract here uses yet has its place and is zero: contested
/// milligrams and the write-off.
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
    uint8 category;
    /// +2: keccak256(abi.encode(attestersHash, methodologiesHash, termsHash)), see `Provenance`
    bytes32 provenanceHash;
    /// +3, fixed at commit: days since 1970-01-01 in the batch's time zone, both ends inclusive, the last for
    /// retirement 0 for none; region as right-padded ASCII; buffer in milligrams; challenge window in
    /// seconds.
    StoredDay vintageStartDay;
    StoredDay vintageEndDay;
    StoredDay useByDay;
    uint16 claimPeriodDays;
    bytes2 hostCountry;
    bytes8 region;
    Milligrams bufferMg;
    uint24 challengeWindow;
    /// +4: whole milligrams; open disputes of each kind; how often a cause of suspension was set; an
    /// adjustment at closing. Zero in an ordinary batch until its first strike, dispute or suspension. The
    /// last 8 bits are free.
    Milligrams shortfallMg;
    Milligrams replacedMg;
    Milligrams contestedMg;
    uint16 openClaims;
    uint16 openGrams;
    uint16 impositions;
    uint8 adjustment;
    /// +5: 0 while nothing is struck
    bytes32 strikesHash;
    /// +6
    WriteOff writeOff;
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
    Milligrams contestedMg;
    address operator;
    uint40 committedAt;
    uint32 challengeWindow;
    uint32 leafCount;
    BatchStatus status;
    uint8 suspension;
    uint8 category;
    uint8 adjustment;
    uint16 openClaims;
    uint16 openGrams;
    uint16 impositions;
    bytes32 provenanceHash;
    bytes32 strikesHash;
    Day vintageStartDay;
    Day vintageEndDay;
    Day useByDay;
    uint32 claimPeriodDays;
    bytes2 hostCountry;
    bytes8 region;
    WriteOff writeOff;
}

/// @notice Who attested a batch, what it was quantified by and its further terms. The chain keeps one hash of
/// all three; who needs them brings them along.
struct Provenance {
    /// Ascending.
    address[] attesters;
    /// Ascending.
    bytes32[] methodologyIds;
    /// As in the statement.
    bytes32 termsHash;
}

/// @notice What is counted while it is open, each kind apart: `StoredBatch.openClaims`, `openGrams`.
enum DisputeKind {
    DoubleClaim,
    GramChallenge
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
