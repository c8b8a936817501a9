// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchDisputes} from "../../../contracts/disputes/BatchDisputes.sol";
import {DisputeBonds} from "../../../contracts/disputes/DisputeBonds.sol";
import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {SettlementCash} from "../../../contracts/settlement/SettlementCash.sol";
import {DisputeKind, Provenance} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {
    Claim,
    DisputeRecord,
    DisputeTerms,
    DoubleClaim,
    LeafProof,
    Recall,
    Ruling
} from "../../../contracts/types/Dispute.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {CourtBatches} from "./CourtBatches.sol";
import {bound, vm} from "./Vm.sol";

/// @title Drives disputes about four small batches at random, with its own books beside the chain's.
contract Court is CourtBatches {
    uint256 private constant OPENERS = 2;
    uint56 public constant CLAIM_BOND = 1_000_000;
    uint56 public constant GRAM_BOND = 10_000;
    uint256 public constant CASH = 1e15;

    BatchDisputes public disputes;
    SettlementCash public cash;

    /// Open double claims as their opening said them.
    bytes32[] public openKeys;
    mapping(bytes32 activityKey => bytes) private content;
    /// Open challenges.
    uint256[2][] public openGrams;
    /// Beside the chain: what has to be true of it.
    uint256 public bondsHeld;
    mapping(uint256 batchId => uint256) public claimsOn;
    mapping(uint256 batchId => uint256) public gramsOn;
    mapping(uint256 batchId => bool) public unopened;
    mapping(uint256 batchId => uint256) public stalledOn;
    mapping(uint256 batchId => mapping(uint256 index => bool)) public seenStruck;
    mapping(bytes32 activityKey => bool) private isStalled;
    /// How often each thing worked, so that a run that did nothing is noticed.
    uint256 public opened;
    uint256 public ruled;
    uint256 public expired;
    uint256 public stalls;
    uint256 public gramsOpened;
    uint256 public gramsExpired;
    uint256 public recalled;

    constructor() {
        vm.warp(1_760_000_000);
        uint64 nonce = vm.getNonce(address(this));
        // What build creates comes first: six contracts; then the cash.
        build(createdAt(nonce + 7), address(0xE1));
        cash = new SettlementCash(address(manager), participants, "Digital yuan", "CNY");
        DisputeBonds.Links memory links = DisputeBonds.Links(batches, participants, methodologies, cash);
        disputes = new BatchDisputes(
            address(manager),
            links,
            DisputeTerms(1 hours, 2 hours, CLAIM_BOND, GRAM_BOND)
        );
        assert(batches.disputes() == address(disputes));
        appoint(address(disputes), ParticipantKinds.ESCROW);
        openCash(cash, address(this));
        for (uint256 i = 0; i < OPENERS; ++i) {
            appoint(opener(i), ParticipantKinds.CORPORATE);
            cash.issue(opener(i), CASH);
            vm.prank(opener(i));
            cash.approve(address(disputes), type(uint256).max);
        }
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < BATCHES; ++i) commit(i);
    }

    function openCount() external view returns (uint256) {
        return openKeys.length;
    }

    function gramCount() external view returns (uint256) {
        return openGrams.length;
    }

    function opener(uint256 who) public pure returns (address) {
        return address(uint160(0x2000 + (who % OPENERS)));
    }

    function disputeAt(uint256 position) public view returns (DoubleClaim memory) {
        return abi.decode(content[openKeys[position]], (DoubleClaim));
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 2 hours));
    }

    /// Two leaves of any batches: most pairs show nothing and are refused.
    function open(uint256 who, uint256 one, uint256 other) external {
        (one, other) = (one % (BATCHES * LEAVES), other % (BATCHES * LEAVES));
        LeafProof[] memory proofs = new LeafProof[](2);
        proofs[0] = proofAt(one / LEAVES, one % LEAVES);
        proofs[1] = proofAt(other / LEAVES, other % LEAVES);
        bytes32 key = keyAt(one);
        bool isLive = !isStruck(one) && !isStruck(other);
        bool allowed =
            one < other && key == keyAt(other) && isLive && disputes.disputeOf(key).disputeHash == 0;
        vm.prank(opener(who));
        try disputes.openDoubleClaim(proofs) {
            assert(allowed);
            keep(key, opener(who), proofs);
        } catch {
            assert(!allowed);
        }
    }

    function submitEvidence(uint256 which, uint256 position, bytes32 evidenceHash) external {
        if (openKeys.length == 0) return;
        DoubleClaim memory dispute = disputeAt(which % openKeys.length);
        position %= dispute.claims.length;
        bool isFirst = (disputes.disputeOf(dispute.activityKey).answered >> position) & 1 == 0;
        bool allowed = isFirst && evidenceHash != 0 && block.timestamp <= dispute.responseEndsAt;
        vm.prank(operators[numberOf[BatchId.unwrap(dispute.claims[position].batchId)]]);
        try disputes.submitEvidence(dispute, position, evidenceHash) {
            assert(allowed);
        } catch {
            assert(!allowed);
        }
    }

    function rule(uint256 which, uint8 proven, bool independent) external {
        if (openKeys.length == 0) return;
        DoubleClaim memory dispute = disputeAt(which % openKeys.length);
        DisputeRecord memory record = disputes.disputeOf(dispute.activityKey);
        proven %= 4;
        bool isHeard = record.answered == 3 || block.timestamp > dispute.responseEndsAt;
        bool allowed = isHeard && proven & ~record.answered == 0 && independent;
        Ruling memory ruling = Ruling(
            dispute.activityKey,
            record.disputeHash,
            record.evidence,
            proven,
            uint64(block.timestamp)
        );
        Provenance[] memory provenances = new Provenance[](2);
        (provenances[0], provenances[1]) = (provenance(), provenance());
        bytes[] memory signatures = signed(disputes.hashRuling(ruling), independent);
        try disputes.rule(dispute, ruling, provenances, signatures) {
            assert(allowed);
            ++ruled;
            forget(which % openKeys.length, dispute, record.answered);
        } catch {
            assert(!allowed);
        }
    }

    function expire(uint256 which) external {
        if (openKeys.length == 0) return;
        DoubleClaim memory dispute = disputeAt(which % openKeys.length);
        bytes32 key = dispute.activityKey;
        DisputeRecord memory record = disputes.disputeOf(key);
        bool isContested =
            record.answered == 3 && !isStruck(dispute.claims[0]) && !isStruck(dispute.claims[1]);
        bool isLate = block.timestamp > dispute.rulingEndsAt && !isStalled[key];
        bool allowed = block.timestamp > dispute.responseEndsAt && (!isContested || isLate);
        try disputes.expire(dispute) {
            assert(allowed);
            if (isContested) {
                ++stalls;
                isStalled[key] = true;
                ++stalledOn[BatchId.unwrap(dispute.claims[0].batchId)];
                if (dispute.claims[1].batchId != dispute.claims[0].batchId)
                    ++stalledOn[BatchId.unwrap(dispute.claims[1].batchId)];
            } else {
                ++expired;
                forget(which % openKeys.length, dispute, record.answered);
            }
        } catch {
            assert(!allowed);
        }
    }

    function challengeGram(uint256 who, uint256 which, uint64 position) external {
        uint256 batchId = batchIds[which % BATCHES];
        (Milligrams totalMg, ) = batches.commitmentOf(BatchId.wrap(batchId));
        uint64 total = Milligrams.unwrap(totalMg);
        position %= total + total / 8;
        bool allowed =
            position < total &&
                disputes.challengeOf(BatchId.wrap(batchId), position).challenger == address(0) &&
                gramsOn[batchId] < 128;
        vm.prank(opener(who));
        try disputes.challengeGram(BatchId.wrap(batchId), position) {
            assert(allowed);
            openGrams.push([batchId, position]);
            ++gramsOn[batchId];
            bondsHeld += GRAM_BOND;
        } catch {
            assert(!allowed);
        }
    }

    function openGram(uint256 which, uint256 index) external {
        if (openGrams.length == 0) return;
        which %= openGrams.length;
        (uint256 batchId, uint64 position) = (openGrams[which][0], uint64(openGrams[which][1]));
        LeafProof memory proof = proofAt(numberOf[batchId], index % LEAVES);
        (uint64 start, uint64 end) = batches.verifyLeaf(
            BatchId.wrap(batchId),
            proof.leaf,
            proof.index,
            proof.siblings
        );
        bool inTime = block.timestamp <= disputes.challengeOf(BatchId.wrap(batchId), position).endsAt;
        try disputes.openGram(proof, position) {
            assert(inTime && position >= start && position < end);
            ++gramsOpened;
            dropGram(which, batchId);
        } catch {
            assert(!inTime || position < start || position >= end);
        }
    }

    function expireGram(uint256 which) external {
        if (openGrams.length == 0) return;
        which %= openGrams.length;
        (uint256 batchId, uint64 position) = (openGrams[which][0], uint64(openGrams[which][1]));
        bool allowed = block.timestamp > disputes.challengeOf(BatchId.wrap(batchId), position).endsAt;
        try disputes.expireGram(BatchId.wrap(batchId), position) {
            assert(allowed);
            ++gramsExpired;
            unopened[batchId] = true;
            dropGram(which, batchId);
        } catch {
            assert(!allowed);
        }
    }

    /// A recall may come between: disputes about its leaves still close.
    function recall(uint256 which, uint256 index, uint256 nonce) external {
        // Seldom, or soon nothing would be left to dispute.
        if (nonce % 4 != 0) return;
        uint256 batchId = batchIds[which % BATCHES];
        uint32[] memory indices = new uint32[](1);
        indices[0] = uint32(index % LEAVES);
        LeafProof[] memory proofs = new LeafProof[](1);
        proofs[0] = proofAt(which % BATCHES, index % LEAVES);
        Recall memory order = Recall(
            BatchId.wrap(batchId),
            indices,
            keccak256("reason"),
            nonce,
            uint64(block.timestamp)
        );
        bytes32 digest = disputes.hashRecall(order);
        bool allowed = !disputes.isUsed(digest);
        try disputes.recall(order, proofs, attest(digest)) {
            assert(allowed && disputes.isUsed(digest));
            ++recalled;
        } catch {
            assert(!allowed);
        }
    }

    function withdraw(uint256 who) external {
        address account = who % 3 == 0 ? operators[(who / 3) % BATCHES] : opener(who);
        uint256 owed = disputes.owedTo(account);
        uint256 before = cash.balanceOf(account);
        try disputes.withdraw(account) returns (uint256 amount) {
            assert(owed > 0 && amount == owed && cash.balanceOf(account) == before + owed);
            bondsHeld -= owed;
        } catch {
            assert(owed == 0);
        }
    }

    /// Nobody but the disputes moves what disputes move.
    function meddle(uint256 who, uint256 which, uint256 index) external {
        uint256 batchId = batchIds[which % BATCHES];
        bytes[4] memory calls = [
            abi.encodeCall(batches.strike, (BatchId.wrap(batchId), LeafIndex.wrap(index % LEAVES), 0, 1)),
            abi.encodeCall(batches.openDispute, (BatchId.wrap(batchId), DisputeKind.DoubleClaim)),
            abi.encodeCall(batches.closeDispute, (BatchId.wrap(batchId), DisputeKind.DoubleClaim)),
            abi.encodeCall(batches.suspend, (BatchId.wrap(batchId), 2))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(opener(who));
            (bool done, ) = address(batches).call(calls[i]);
            assert(!done);
        }
    }

    /// Marks what is struck by now; false if something that was is not any more.
    function noteStrikes() external returns (bool kept) {
        kept = true;
        for (uint256 leaf = 0; leaf < BATCHES * LEAVES; ++leaf) {
            uint256 batchId = batchIds[leaf / LEAVES];
            bool now_ = isStruck(leaf);
            if (seenStruck[batchId][leaf % LEAVES] && !now_) kept = false;
            seenStruck[batchId][leaf % LEAVES] = now_;
        }
    }

    function registry() external view returns (BatchRegistry) {
        return batches;
    }

    function keep(bytes32 key, address by, LeafProof[] memory proofs) private {
        DoubleClaim memory dispute = DoubleClaim(
            key,
            by,
            CLAIM_BOND,
            uint40(block.timestamp + 1 hours),
            uint40(block.timestamp + 3 hours),
            new Claim[](2)
        );
        for (uint256 i = 0; i < 2; ++i) {
            LeafProof memory proof = proofs[i];
            (uint64 start, uint64 end) = batches.verifyLeaf(
                proof.batchId,
                proof.leaf,
                proof.index,
                proof.siblings
            );
            dispute.claims[i] = Claim(proof.batchId, uint32(LeafIndex.unwrap(proof.index)), start, end);
            if (i == 0 || proof.batchId != proofs[0].batchId) ++claimsOn[BatchId.unwrap(proof.batchId)];
        }
        assert(disputes.disputeOf(key).disputeHash == keccak256(abi.encode(dispute)));
        content[key] = abi.encode(dispute);
        openKeys.push(key);
        bondsHeld += CLAIM_BOND;
        ++opened;
    }

    function forget(uint256 position, DoubleClaim memory dispute, uint8 answered) private {
        bytes32 key = dispute.activityKey;
        // One of the leaves lives at most.
        assert(isStruck(dispute.claims[0]) || isStruck(dispute.claims[1]));
        assert(disputes.disputeOf(key).disputeHash == 0);
        openKeys[position] = openKeys[openKeys.length - 1];
        openKeys.pop();
        delete content[key];
        for (uint256 i = 0; i < 2; ++i) {
            uint256 batchId = BatchId.unwrap(dispute.claims[i].batchId);
            if (i == 1 && batchId == BatchId.unwrap(dispute.claims[0].batchId)) continue;
            --claimsOn[batchId];
            if (isStalled[key] && answered != 0) --stalledOn[batchId];
        }
        delete isStalled[key];
    }

    function dropGram(uint256 which, uint256 batchId) private {
        openGrams[which] = openGrams[openGrams.length - 1];
        openGrams.pop();
        --gramsOn[batchId];
    }
}
