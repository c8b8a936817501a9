// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {Batch, DisputeKind, SuspensionCause} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {DisputeTerms, GramChallenge, LeafProof} from "../types/Dispute.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {LeafProofs} from "./LeafProofs.sol";

/// @title Challenges to open the leaf at one gram: a root binds only what opens. See IBatchDisputes.
abstract contract GramChallenges is LeafProofs {
    /// An operator has one response time for all that are open, so nobody asks for more at once.
    uint16 private constant MAX_CHALLENGES = 128;

    mapping(BatchId batchId => mapping(uint64 position => GramChallenge)) private challenges;

    /// @inheritdoc IBatchDisputes
    function challengeGram(BatchId batchId, uint64 position) external {
        Batch memory batch = batchOf(batchId);
        require(
            position < Milligrams.unwrap(batch.totalMg),
            GramOutOfRange(position, Milligrams.unwrap(batch.totalMg))
        );
        require(batch.openGrams < MAX_CHALLENGES, TooManyChallenges(batchId));
        require(challenges[batchId][position].challenger == address(0), GramChallenged(batchId, position));
        DisputeTerms memory terms_ = terms();
        uint40 endsAt = uint40(block.timestamp) + terms_.responseSeconds;

        challenges[batchId][position] = GramChallenge(msg.sender, endsAt, terms_.openGramBond);
        emit GramChallengeOpened(batchId, position, msg.sender, endsAt, terms_.openGramBond);

        openDispute(batchId, DisputeKind.GramChallenge);
        chargeBond(terms_.openGramBond);
    }

    /// @inheritdoc IBatchDisputes
    function openGram(LeafProof calldata proof, uint64 position) external {
        GramChallenge memory challenge = challenged(proof.batchId, position);
        require(block.timestamp <= challenge.endsAt, ResponseTimeOver(challenge.endsAt));
        (uint64 start, uint64 end) = prove(proof);
        require(position >= start && position < end, OtherGram(position, start, end));

        delete challenges[proof.batchId][position];
        owe(batchOf(proof.batchId).operator, challenge.bond);
        emit GramOpened(proof.batchId, position, proof.index, proof.leaf);

        closeDispute(proof.batchId, DisputeKind.GramChallenge);
    }

    /// @inheritdoc IBatchDisputes
    function expireGram(BatchId batchId, uint64 position) external {
        GramChallenge memory challenge = challenged(batchId, position);
        require(block.timestamp > challenge.endsAt, ResponseTimeOpen(challenge.endsAt));

        delete challenges[batchId][position];
        owe(challenge.challenger, challenge.bond);
        emit GramUnopened(batchId, position);

        closeDispute(batchId, DisputeKind.GramChallenge);
        suspend(batchId, SuspensionCause.UNOPENED_GRAM);
    }

    /// @inheritdoc IBatchDisputes
    function challengeOf(BatchId batchId, uint64 position) external view returns (GramChallenge memory) {
        return challenges[batchId][position];
    }

    function challenged(
        BatchId batchId,
        uint64 position
    ) private view returns (GramChallenge memory challenge) {
        challenge = challenges[batchId][position];
        require(challenge.challenger != address(0), GramNotChallenged(batchId, position));
    }
}
