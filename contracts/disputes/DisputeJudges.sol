// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Batch, Provenance} from "../types/Batch.sol";
import {BatchId, NO_BATCH} from "../types/BatchId.sol";
import {DoubleClaim, Ruling} from "../types/Dispute.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {LeafProofs} from "./LeafProofs.sol";

/// @title Who rules on a double claim. See IBatchDisputes.
abstract contract DisputeJudges is LeafProofs {
    bytes32 private constant RULING_TYPE_HASH = keccak256(
        "Ruling(bytes32 activityKey,bytes32 disputeHash,bytes30 evidence,uint8 proven,uint64 deadline)"
    );

    /// @dev Signers of a ruling, ascending, with what decides whether they may.
    struct Bench {
        address[] signers;
        bytes32[] firms;
    }

    /// @inheritdoc IBatchDisputes
    function hashRuling(Ruling calldata ruling) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(RULING_TYPE_HASH, ruling)));
    }

    /// @dev Reverts where these signatures are no quorum for this dispute.
    /// @return signers Ascending.
    /// @return committedAt Of each claim's batch, unix seconds.
    function judgesOf(
        DoubleClaim memory dispute,
        bytes32 digest,
        Provenance[] calldata provenances,
        bytes[] calldata signatures
    ) internal view returns (address[] memory signers, uint40[] memory committedAt) {
        uint256 count = dispute.claims.length;
        require(provenances.length == count, ProvenanceMismatch(NO_BATCH));
        Bench memory bench = benchOf(digest, signatures, dispute.opener);
        committedAt = new uint40[](count);
        for (uint256 i = 0; i < count; ++i) {
            BatchId batchId = dispute.claims[i].batchId;
            Batch memory batch = batchOf(batchId);
            committedAt[i] = batch.committedAt;
            requireProvenance(batchId, batch.provenanceHash, provenances[i]);
            requireRegion(bench, batch.region);
            requireNoParty(bench, batch.operator);
            requireIndependent(bench, batchId, provenances[i].attesters);
        }
        signers = bench.signers;
    }

    function benchOf(
        bytes32 digest,
        bytes[] calldata signatures,
        address opener
    ) private view returns (Bench memory bench) {
        // Any verifiers, one at least; each region's own terms are asked afterwards.
        Quorum.Rule memory rule = Quorum.Rule(
            1,
            ParticipantKinds.VERIFIER,
            0,
            participants.firmOf(opener),
            false
        );
        bench.signers = Quorum.signersOf(digest, signatures, rule, participants);
        bench.firms = new bytes32[](bench.signers.length);
        for (uint256 i = 0; i < bench.signers.length; ++i)
            bench.firms[i] = participants.firmOf(bench.signers[i]);
    }

    function requireRegion(Bench memory bench, bytes8 region) private view {
        (uint8 threshold, uint8 verifierSet) = quorumOf(region);
        uint256 members = bench.signers.length;
        if (verifierSet != 0) {
            members = 0;
            for (uint256 i = 0; i < bench.signers.length; ++i) {
                (, uint32 sets) = participants.standingOf(bench.signers[i]);
                members += (sets >> (verifierSet - 1)) & 1;
            }
        }
        require(members >= threshold, RegionQuorumTooSmall(region, members, threshold));
    }

    function requireNoParty(Bench memory bench, address operator) private view {
        bytes32 firm = participants.firmOf(operator);
        for (uint256 i = 0; i < bench.signers.length; ++i) {
            require(bench.firms[i] != firm, SignerIsParty(bench.signers[i]));
        }
    }

    /// @dev Not one who attested none of all batches: that would let the verifiers of one batch keep a
    /// dispute about another from its ruling.
    function requireIndependent(
        Bench memory bench,
        BatchId batchId,
        address[] calldata attesters
    ) private view {
        uint256 left = bench.firms.length;
        // Attesters are of one firm each, and so are the signers: a firm is met once.
        for (uint256 i = 0; i < attesters.length; ++i) {
            bytes32 firm = participants.firmOf(attesters[i]);
            for (uint256 j = 0; j < bench.firms.length; ++j) if (bench.firms[j] == firm) --left;
        }
        require(left > 0, NoIndependentSigner(batchId));
    }
}
