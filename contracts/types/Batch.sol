// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Life of a batch. Later values are appended, never inserted.
enum BatchStatus {
    None,
    Committed,
    Minted
}

/// @notice The accounts of a batch that change, in whole milligrams below 2^63. Source: batch format, "Accounting of a batch on chain".
/// @dev Two words. The second, from `shortfallMg` on, is first written at a retirement or a strike, so that a commit doesn't pay for it.
struct BatchAccount {
    uint64 totalMg;
    uint64 mintedMg;
    uint64 unmintedMg;
    uint64 struckMg;
    uint64 shortfallMg;
    uint64 replacedMg;
    uint64 retiredMg;
}

/// @notice A batch as it lies in storage, seven words from its mapping slot. Offline proofs read these words by position: never reorder.
struct StoredBatch {
    /// +0
    bytes32 root;
    /// +1 and +2
    BatchAccount account;
    /// +3
    address operator;
    uint40 committedAt;
    uint32 leafCount;
    BatchStatus status;
    /// +4: keccak256 of the attesters' 20-byte addresses, ascending, concatenated.
    bytes32 attestersHash;
    /// +5
    bytes32 strikesHash;
    /// +6, fixed at commit: days since 1970-01-01 in the batch's time zone, both ends inclusive; region as right-padded ASCII; buffer in mg.
    uint32 vintageStartDay;
    uint32 vintageEndDay;
    uint32 claimPeriodDays;
    bytes8 region;
    uint64 bufferMg;
}

/// @notice A batch as views return it: the fields of `StoredBatch`, flat, all masses together.
struct Batch {
    bytes32 root;
    uint64 totalMg;
    uint64 mintedMg;
    uint64 unmintedMg;
    uint64 struckMg;
    uint64 shortfallMg;
    uint64 replacedMg;
    uint64 retiredMg;
    uint64 bufferMg;
    address operator;
    uint40 committedAt;
    uint32 leafCount;
    BatchStatus status;
    bytes32 attestersHash;
    bytes32 strikesHash;
    uint32 vintageStartDay;
    uint32 vintageEndDay;
    uint32 claimPeriodDays;
    bytes8 region;
}
