// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Batch, SuspensionCause} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {LeafProof, Recall, SuspensionDecision} from "../types/Dispute.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {LeafProofs} from "./LeafProofs.sol";

/// @title What a quorum of verifiers decides about a batch without a dispute. See IBatchDisputes.
abstract contract QuorumDecisions is LeafProofs {
    bytes32 private constant RECALL_TYPE_HASH = keccak256(
        "Recall(uint256 batchId,uint32[] leafIndices,bytes32 reasonHash,uint256 nonce,uint64 deadline)"
    );
    bytes32 private constant DECISION_TYPE_HASH = keccak256(
        "SuspensionDecision(uint256 batchId,uint8 causes,bool suspended,uint16 impositions,"
        "bytes32 reasonHash,uint256 nonce,uint64 deadline)"
    );
    mapping(bytes32 digest => bool) private used;

    /// @inheritdoc IBatchDisputes
    function recall(
        Recall calldata order,
        LeafProof[] calldata proofs,
        bytes[] calldata signatures
    ) external {
        uint256 count = order.leafIndices.length;
        require(count > 0 && count == proofs.length && order.reasonHash != 0, RecallIncomplete());
        address[] memory signers = useStatement(order.batchId, hashRecall(order), order.deadline, signatures);
        emit LeavesRecalled(order.batchId, order.leafIndices, order.reasonHash, signers);

        for (uint256 i = 0; i < count; ++i) {
            LeafIndex index = LeafIndex.wrap(order.leafIndices[i]);
            bool isInOrder = i == 0 || LeafIndex.unwrap(index) > order.leafIndices[i - 1];
            require(
                isInOrder &&
                    BatchId.unwrap(proofs[i].batchId) == BatchId.unwrap(order.batchId) &&
                    LeafIndex.unwrap(proofs[i].index) == LeafIndex.unwrap(index),
                RecallMismatch(i)
            );
            (uint64 start, uint64 end) = prove(proofs[i]);
            if (!isStruck(order.batchId, index)) strike(order.batchId, index, start, end);
        }
    }

    /// @inheritdoc IBatchDisputes
    function decideSuspension(SuspensionDecision calldata decision, bytes[] calldata signatures) external {
        uint8 allowed = decision.suspended ? SuspensionCause.QUORUM : SuspensionCause.LIFTABLE;
        bool isWithin = decision.causes != 0 && decision.causes & ~allowed == 0 && decision.reasonHash != 0;
        require(isWithin, DecisionOutOfRange(decision.causes, decision.reasonHash));
        uint16 counted = decision.suspended ? 0 : batchOf(decision.batchId).impositions;
        require(decision.impositions == counted, ImpositionsMismatch(decision.impositions, counted));
        address[] memory signers = useStatement(
            decision.batchId,
            hashDecision(decision),
            decision.deadline,
            signatures
        );
        emit SuspensionDecided(
            decision.batchId,
            decision.causes,
            decision.suspended,
            decision.reasonHash,
            signers
        );

        if (decision.suspended) suspend(decision.batchId, decision.causes);
        else reinstate(decision.batchId, decision.causes);
    }

    /// @inheritdoc IBatchDisputes
    function isUsed(bytes32 digest) external view returns (bool) {
        return used[digest];
    }

    /// @inheritdoc IBatchDisputes
    function hashRecall(Recall calldata order) public view returns (bytes32 digest) {
        // Array elements are padded to 32 bytes, as EIP-712 encodes them.
        bytes32 indices = keccak256(abi.encodePacked(order.leafIndices));
        bytes memory fields = abi.encode(
            RECALL_TYPE_HASH,
            order.batchId,
            indices,
            order.reasonHash,
            order.nonce,
            order.deadline
        );
        return _hashTypedDataV4(keccak256(fields));
    }

    /// @inheritdoc IBatchDisputes
    function hashDecision(SuspensionDecision calldata decision) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(DECISION_TYPE_HASH, decision)));
    }

    /// @dev Checks a statement about a batch and marks it used; the signers' own order of checks is Quorum's.
    function useStatement(
        BatchId batchId,
        bytes32 digest,
        uint64 deadline,
        bytes[] calldata signatures
    ) private returns (address[] memory signers) {
        requireInTime(deadline);
        require(!used[digest], StatementUsed(digest));
        Batch memory batch = batchOf(batchId);
        (uint8 threshold, uint8 verifierSet) = quorumOf(batch.region);
        Quorum.Rule memory rule = Quorum.Rule(
            threshold,
            ParticipantKinds.VERIFIER,
            verifierSet,
            participants.firmOf(batch.operator),
            false
        );
        signers = Quorum.signersOf(digest, signatures, rule, participants);
        used[digest] = true;
    }
}
