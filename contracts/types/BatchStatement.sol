// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchId} from "./BatchId.sol";
import {Day} from "./Day.sol";
import {Milligrams} from "./Milligrams.sol";

/// @notice What verifiers attest to by EIP-712. All masses in whole milligrams, days inclusive. Source: batch
/// format, "Manifest".
struct BatchStatement {
    /// keccak256 of the manifest bytes; the ERC-1155 id.
    BatchId batchId;
    /// Who may commit it, and who receives the mint.
    address operator;
    /// Root hash of the sum tree, of `leafCount` leaves that add up to `totalMilligrams`.
    bytes32 root;
    Milligrams totalMilligrams;
    uint32 leafCount;
    /// Held back from the mint until the claim period is over.
    Milligrams bufferMilligrams;
    uint32 claimPeriodDays;
    Day vintageStartDay;
    Day vintageEndDay;
    /// Right-padded ASCII, `[A-Z0-9]{2,8}`.
    bytes8 region;
    /// keccak256 of the concatenated methodology ids.
    bytes32 methodologiesHash;
    /// keccak256 of the canonical JSON of the manifest's key scheme.
    bytes32 keySchemeHash;
    /// keccak256 of all leaf bytes.
    bytes32 leavesHash;
    /// Part of the total that stands on acts without a subject.
    Milligrams subjectlessMilligrams;
    /// The operator's batch before this one; 0 for its first.
    BatchId previousBatchId;
    /// `BatchCategory`.
    uint8 category;
    /// ISO 3166-1 alpha-2: whose inventory the reduction is in.
    bytes2 hostCountry;
    /// `CorrespondingAdjustment`, as it was when the batch was closed.
    uint8 adjustment;
    /// Last day in the time zone of the vintage on which the batch may be retired; 0 for none.
    Day useByDay;
    /// keccak256 of the canonical JSON of those members of the manifest that nothing else here covers
    /// (batch format 2, "Statement version 2").
    bytes32 termsHash;
    /// Unix seconds up to and including which it may be committed.
    uint64 deadline;
}
