// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {LeafCodec} from "../libraries/LeafCodec.sol";
import {DisputeKind, Provenance, SuspensionCause} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {Claim, DisputeRecord, DisputeTerms, DoubleClaim, LeafProof, Ruling} from "../types/Dispute.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {DisputeJudges} from "./DisputeJudges.sol";

// Disputes are read into memory, so that one encoder hashes them all: from calldata it would take another,
// and 2 KB of code.
// solhint-disable gas-calldata-parameters

/// @title Disputes about live leaves with one activity key. See IBatchDisputes.
/// @dev Sets of claims are bits by position, in a word.
abstract contract DoubleClaims is DisputeJudges {
    /// Positions fit the bits of a uint8.
    uint256 private constant MAX_CLAIMS = 8;

    mapping(bytes32 activityKey => DisputeRecord) private disputes;
    mapping(BatchId batchId => uint256 count) private stalled;

    /// @inheritdoc IBatchDisputes
    function openDoubleClaim(LeafProof[] calldata proofs) external returns (bytes32 disputeHash) {
        require(proofs.length >= 2 && proofs.length <= MAX_CLAIMS, ClaimCountOutOfRange(proofs.length));
        DisputeTerms memory terms_ = terms();
        DoubleClaim memory dispute;
        (dispute.activityKey, dispute.claims) = proveClaims(proofs);
        require(disputes[dispute.activityKey].disputeHash == 0, DisputeKnown(dispute.activityKey));
        dispute.opener = msg.sender;
        dispute.bond = terms_.doubleClaimBond;
        dispute.responseEndsAt = uint40(block.timestamp) + terms_.responseSeconds;
        dispute.rulingEndsAt = dispute.responseEndsAt + terms_.rulingSeconds;
        disputeHash = keccak256(abi.encode(dispute));

        disputes[dispute.activityKey].disputeHash = disputeHash;
        emit DoubleClaimOpened(dispute.activityKey, disputeHash, dispute);

        for (uint256 i = 0; i < proofs.length; ++i) {
            if (i == 0 || BatchId.unwrap(proofs[i].batchId) != BatchId.unwrap(proofs[i - 1].batchId))
                openDispute(proofs[i].batchId, DisputeKind.DoubleClaim);
        }
        chargeBond(dispute.bond);
    }

    /// @inheritdoc IBatchDisputes
    function submitEvidence(DoubleClaim memory dispute, uint256 position, bytes32 evidenceHash) external {
        DisputeRecord storage record = openRecord(dispute);
        require(position < dispute.claims.length, ClaimOutOfRange(position, dispute.claims.length));
        address operator = batchOf(dispute.claims[position].batchId).operator;
        require(msg.sender == walletOf(operator), CallerNotOperator(msg.sender, operator));
        require(evidenceHash != 0, EvidenceMissing());
        require(record.answered & bit(position) == 0, EvidenceKnown(position));
        require(block.timestamp <= dispute.responseEndsAt, ResponseTimeOver(dispute.responseEndsAt));
        bytes30 evidence = bytes30(keccak256(abi.encode(record.evidence, position, evidenceHash)));

        (record.evidence, record.answered) = (evidence, record.answered | bit(position));
        emit EvidenceSubmitted(record.disputeHash, position, evidenceHash, evidence);
    }

    /// @inheritdoc IBatchDisputes
    function rule(
        DoubleClaim memory dispute,
        Ruling calldata ruling,
        Provenance[] calldata provenances,
        bytes[] calldata signatures
    ) external {
        DisputeRecord memory record = openRecord(dispute);
        bool isHeard = record.answered == allOf(dispute) || block.timestamp > dispute.responseEndsAt;
        require(isHeard, ResponseTimeOpen(dispute.responseEndsAt));
        requireInTime(ruling.deadline);
        bool isMeant = ruling.disputeHash == record.disputeHash && ruling.evidence == record.evidence;
        require(isMeant, RulingMismatch(ruling.disputeHash, ruling.evidence));
        require(ruling.proven & ~record.answered == 0, ProvenUnanswered(ruling.proven, record.answered));
        (address[] memory signers, uint40[] memory committedAt) = judgesOf(
            dispute,
            hashRuling(ruling),
            provenances,
            signatures
        );
        uint256 live = liveOf(dispute);
        uint256 keeper = firstCommitted(live & ruling.proven, committedAt);

        emit DoubleClaimRuled(record.disputeHash, ruling.proven, signers);
        settle(dispute, live & ~keeper, keeper);
    }

    /// @inheritdoc IBatchDisputes
    function expire(DoubleClaim memory dispute) external {
        DisputeRecord memory record = openRecord(dispute);
        require(block.timestamp > dispute.responseEndsAt, ResponseTimeOpen(dispute.responseEndsAt));
        uint256 live = liveOf(dispute);
        uint256 contending = live & record.answered;
        if (isOneAtMost(contending)) {
            settle(dispute, live & ~contending, contending);
            return;
        }
        require(record.stalled == 0, DisputeStalled(dispute.activityKey));
        require(block.timestamp > dispute.rulingEndsAt, RulingTimeOpen(dispute.rulingEndsAt));

        disputes[dispute.activityKey].stalled = uint8(contending);
        emit DoubleClaimStalled(record.disputeHash);

        strikeAll(dispute, live & ~contending);
        stall(dispute, contending);
    }

    /// @inheritdoc IBatchDisputes
    function disputeOf(bytes32 activityKey) external view returns (DisputeRecord memory) {
        return disputes[activityKey];
    }

    /// @inheritdoc IBatchDisputes
    function stalledDisputesOf(BatchId batchId) external view returns (uint256) {
        return stalled[batchId];
    }

    function settle(DoubleClaim memory dispute, uint256 losing, uint256 keeper) private {
        DisputeRecord memory record = disputes[dispute.activityKey];
        delete disputes[dispute.activityKey];
        owe(dispute.opener, dispute.bond);
        emit DoubleClaimClosed(dispute.activityKey, record.disputeHash, losing, keeper);

        strikeAll(dispute, losing);
        BatchId[] memory batchIds = batchesOf(dispute, allOf(dispute));
        for (uint256 i = 0; i < batchIds.length; ++i) closeDispute(batchIds[i], DisputeKind.DoubleClaim);
        resume(dispute, record.stalled);
    }

    function strikeAll(DoubleClaim memory dispute, uint256 losing) private {
        for (uint256 i = 0; i < dispute.claims.length; ++i) {
            Claim memory claim = dispute.claims[i];
            if (losing & bit(i) != 0)
                strike(claim.batchId, LeafIndex.wrap(claim.index), claim.start, claim.end);
        }
    }

    /// @dev The record keeps which claims these are, so that `resume` meets the same batches.
    function stall(DoubleClaim memory dispute, uint256 contending) private {
        BatchId[] memory batchIds = batchesOf(dispute, contending);
        for (uint256 i = 0; i < batchIds.length; ++i) {
            ++stalled[batchIds[i]];
            suspend(batchIds[i], SuspensionCause.NO_RULING);
        }
    }

    function resume(DoubleClaim memory dispute, uint256 stalledClaims) private {
        BatchId[] memory batchIds = batchesOf(dispute, stalledClaims);
        for (uint256 i = 0; i < batchIds.length; ++i) {
            if (--stalled[batchIds[i]] == 0) reinstate(batchIds[i], SuspensionCause.NO_RULING);
        }
    }

    function proveClaims(
        LeafProof[] calldata proofs
    ) private view returns (bytes32 activityKey, Claim[] memory claims) {
        claims = new Claim[](proofs.length);
        for (uint256 i = 0; i < proofs.length; ++i) {
            LeafProof calldata proof = proofs[i];
            (uint64 start, uint64 end) = prove(proof);
            bytes32 key = LeafCodec.activityKey(proof.leaf);
            if (i == 0) activityKey = key;
            else requireAfter(proofs[i - 1], proof, i);
            require(key == activityKey, ActivityKeyDiffers(i, key));
            require(!isStruck(proof.batchId, proof.index), LeafNotLive(proof.batchId, proof.index));
            // Below the leaf count, which is a uint32.
            claims[i] = Claim(proof.batchId, uint32(LeafIndex.unwrap(proof.index)), start, end);
        }
    }

    /// @dev Claims whose leaves nothing has struck: a recall may have, since the dispute was opened.
    function liveOf(DoubleClaim memory dispute) private view returns (uint256 live) {
        for (uint256 i = 0; i < dispute.claims.length; ++i) {
            if (!isStruck(dispute.claims[i].batchId, LeafIndex.wrap(dispute.claims[i].index))) live |= bit(i);
        }
    }

    function openRecord(DoubleClaim memory dispute) private view returns (DisputeRecord storage record) {
        record = disputes[dispute.activityKey];
        bytes32 disputeHash = keccak256(abi.encode(dispute));
        require(record.disputeHash == disputeHash, DisputeUnknown(disputeHash));
    }

    function requireAfter(
        LeafProof calldata before,
        LeafProof calldata proof,
        uint256 position
    ) private pure {
        bool isAfter =
            BatchId.unwrap(proof.batchId) > BatchId.unwrap(before.batchId) ||
                (BatchId.unwrap(proof.batchId) == BatchId.unwrap(before.batchId) &&
                    LeafIndex.unwrap(proof.index) > LeafIndex.unwrap(before.index));
        require(isAfter, ClaimsNotAscending(position));
    }

    /// @dev Each batch of these claims once.
    function batchesOf(
        DoubleClaim memory dispute,
        uint256 claims
    ) private pure returns (BatchId[] memory batchIds) {
        uint256 count = dispute.claims.length;
        batchIds = new BatchId[](count);
        uint256 found = 0;
        for (uint256 i = 0; i < count; ++i) {
            BatchId batchId = dispute.claims[i].batchId;
            // Claims ascend by batch id.
            if (
                claims & bit(i) != 0 &&
                (found == 0 || BatchId.unwrap(batchIds[found - 1]) != BatchId.unwrap(batchId))
            ) batchIds[found++] = batchId;
        }
        // `ShortenedArray` in place: its call costs more here than it does.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(batchIds, found)
        }
    }

    /// @dev Claims ascend by batch id and index, so of one second the first in the list keeps.
    function firstCommitted(
        uint256 claims,
        uint40[] memory committedAt
    ) private pure returns (uint256 keeper) {
        uint40 earliest = type(uint40).max;
        for (uint256 i = 0; i < committedAt.length; ++i) {
            if (claims & bit(i) != 0 && committedAt[i] < earliest)
                (earliest, keeper) = (committedAt[i], bit(i));
        }
    }

    function isOneAtMost(uint256 claims) private pure returns (bool) {
        return claims == 0 || claims & (claims - 1) == 0;
    }

    function allOf(DoubleClaim memory dispute) private pure returns (uint8) {
        return uint8((1 << dispute.claims.length) - 1);
    }

    function bit(uint256 position) private pure returns (uint8) {
        return uint8(1 << position);
    }
}
