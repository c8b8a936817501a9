// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchId} from "./BatchId.sol";
import {LeafIndex} from "./LeafIndex.sol";
import {SumNode} from "./SumNode.sol";

/// @notice Parameters that bind what is opened later; one slot.
struct DisputeTerms {
    /// Seconds in which an operator answers: evidence of a claim, a gram to open.
    uint32 responseSeconds;
    /// Seconds after these in which a quorum rules.
    uint32 rulingSeconds;
    /// Base units of settlement cash.
    uint56 doubleClaimBond;
    uint56 openGramBond;
}

/// @notice A leaf of a batch with its inclusion proof.
struct LeafProof {
    BatchId batchId;
    /// 0-based.
    LeafIndex index;
    /// 179 bytes.
    bytes leaf;
    /// From leaf to root.
    SumNode[] siblings;
}

/// @notice A proven leaf of a double claim: its serial range is milligrams [start, end).
struct Claim {
    BatchId batchId;
    uint32 index;
    uint64 start;
    uint64 end;
}

/// @notice A double claim as it was opened. The chain keeps keccak256(abi.encode(this)); later calls bring it
/// along.
struct DoubleClaim {
    bytes32 activityKey;
    address opener;
    /// Base units of settlement cash.
    uint56 bond;
    /// Unix seconds, both inclusive.
    uint40 responseEndsAt;
    uint40 rulingEndsAt;
    /// Two to eight, ascending by batch id, then index.
    Claim[] claims;
}

/// @notice What the chain keeps of an open double claim: two words.
struct DisputeRecord {
    /// keccak256(abi.encode(double claim)); 0: none is open.
    bytes32 disputeHash;
    /// Chain of what was submitted: the first 30 bytes of keccak256(abi.encode(this, position, evidence
    /// hash)); 0 while nothing was.
    bytes30 evidence;
    /// Bit i: there is evidence for claim i.
    uint8 answered;
    /// Bit i: no ruling came in time, and claim i, live and with evidence, suspends its batch until there is
    /// one.
    uint8 stalled;
}

/// @notice What a quorum signs (EIP-712) to decide a double claim.
struct Ruling {
    bytes32 activityKey;
    bytes32 disputeHash;
    /// All evidence as it stood, see `DisputeRecord`.
    bytes30 evidence;
    /// Bit i: claim i is proven.
    uint8 proven;
    /// Unix seconds up to and including which it counts.
    uint64 deadline;
}

/// @notice What a quorum signs (EIP-712) to strike leaves: a provider's withdrawal, a wrong factor.
struct Recall {
    BatchId batchId;
    /// Strictly ascending.
    uint32[] leafIndices;
    /// Salted hash of the case's file, not 0.
    bytes32 reasonHash;
    /// Makes equal statements distinct.
    uint256 nonce;
    /// Unix seconds up to and including which it counts.
    uint64 deadline;
}

/// @notice What a quorum signs (EIP-712) to suspend a batch or to lift causes of its suspension.
struct SuspensionDecision {
    BatchId batchId;
    /// Bits of `SuspensionCause`.
    uint8 causes;
    /// True sets them, false lifts them.
    bool suspended;
    /// `Batch.impositions` as the signers found it, for a lift: it lifts nothing that was set later. 0 where
    /// causes are set.
    uint16 impositions;
    /// As in `Recall`, as the fields after it.
    bytes32 reasonHash;
    uint256 nonce;
    uint64 deadline;
}

/// @notice A challenge to open the leaf at one milligram; one slot.
struct GramChallenge {
    address challenger;
    /// Unix seconds up to and including which it is answered.
    uint40 endsAt;
    /// Base units of settlement cash.
    uint56 bond;
}

/// @notice How the chain of activity keys is broken. Later values are appended, never inserted.
enum LinkFault {
    None,
    KeyNotBelowNext,
    NextIsNotTheNextLeaf,
    LastDoesNotEnd
}

/// @notice How a leaf lies outside of what its batch allows. Later values are appended, never inserted.
enum TermsFault {
    None,
    Vintage,
    Methodology,
    Validity
}
