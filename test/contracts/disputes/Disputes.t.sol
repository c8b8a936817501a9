// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchDisputes} from "../../../contracts/disputes/BatchDisputes.sol";
import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {Batch, SuspensionCause} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {DisputeRecord} from "../../../contracts/types/Dispute.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {SettlementCash} from "../../../contracts/settlement/SettlementCash.sol";
import {Court} from "../support/Court.sol";

/// @title What holds after any sequence of disputes, evidence, rulings, challenges, recalls and lapses of
/// time.
contract DisputesTest {
    Court private court;
    BatchDisputes private disputes;
    BatchRegistry private batches;
    SettlementCash private cash;

    function setUp() external {
        court = new Court();
        (disputes, batches, cash) = (court.disputes(), court.registry(), court.cash());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(court);
    }

    function invariant_disputesHoldTheBondsThatAreOpenOrOwedAndNothingElse() external view {
        assert(cash.balanceOf(address(disputes)) == court.bondsHeld());
        uint256 owed = disputes.owedTo(court.opener(0)) + disputes.owedTo(court.opener(1));
        for (uint256 i = 0; i < court.BATCHES(); ++i) owed += disputes.owedTo(court.operators(i));
        uint256 open = court.openCount() * court.CLAIM_BOND() + court.gramCount() * court.GRAM_BOND();
        assert(court.bondsHeld() == owed + open);
    }

    function invariant_aBatchCountsItsOpenDisputes() external view {
        for (uint256 i = 0; i < court.BATCHES(); ++i) {
            uint256 batchId = court.batchIds(i);
            Batch memory batch = batches.batchOf(BatchId.wrap(batchId));
            assert(batch.openClaims == court.claimsOn(batchId));
            assert(batch.openGrams == court.gramsOn(batchId));
            assert(
                batches.openDisputesOf(BatchId.wrap(batchId)) ==
                    court.claimsOn(batchId) + court.gramsOn(batchId)
            );
        }
    }

    function invariant_aBatchIsSuspendedForWantOfARulingWhileADisputeOfItWaitsForOne() external view {
        for (uint256 i = 0; i < court.BATCHES(); ++i) {
            uint256 batchId = court.batchIds(i);
            bool isWaiting =
                batches.batchOf(BatchId.wrap(batchId)).suspension & SuspensionCause.NO_RULING != 0;
            assert(isWaiting == (court.stalledOn(batchId) > 0));
            assert(disputes.stalledDisputesOf(BatchId.wrap(batchId)) == court.stalledOn(batchId));
        }
    }

    function invariant_aBatchIsSuspendedForAGramWhereOneWasNotOpenedInTime() external view {
        for (uint256 i = 0; i < court.BATCHES(); ++i) {
            uint256 batchId = court.batchIds(i);
            bool isSuspended =
                batches.batchOf(BatchId.wrap(batchId)).suspension & SuspensionCause.UNOPENED_GRAM != 0;
            assert(isSuspended == court.unopened(batchId));
        }
    }

    function invariant_whatIsStruckAddsUpAndStaysStruck() external {
        for (uint256 i = 0; i < court.BATCHES(); ++i) {
            uint256 sum = 0;
            for (uint256 k = 0; k < court.LEAVES(); ++k) {
                if (court.isStruck(i * court.LEAVES() + k)) sum += court.sizeAt(i, k);
            }
            Batch memory batch = batches.batchOf(BatchId.wrap(court.batchIds(i)));
            assert(
                Milligrams.unwrap(batch.struckMg) == sum &&
                    Milligrams.unwrap(batch.unmintedMg) == Milligrams.unwrap(batch.totalMg) - sum
            );
        }
        assert(court.noteStrikes());
    }

    function invariant_anOpenDisputeIsTheOneThatWasOpened() external view {
        for (uint256 i = 0; i < court.openCount(); ++i) {
            DisputeRecord memory record = disputes.disputeOf(court.openKeys(i));
            assert(record.disputeHash == keccak256(abi.encode(court.disputeAt(i))));
            assert((record.evidence == 0) == (record.answered == 0));
        }
    }

    /// A handler that nothing gets through would keep every law above.
    function test_theCourtDoesWhatItIsFor() external {
        for (uint256 one = 0; court.openCount() == 0; ++one) {
            for (uint256 other = one + 1; other < court.BATCHES() * court.LEAVES(); ++other)
                court.open(0, one, other);
        }
        for (uint256 position = 0; position < 2; ++position) court.submitEvidence(0, position, "evidence");
        for (uint256 i = 0; i < 2; ++i) court.wait(2 hours - 1);
        court.expire(0);
        assert(court.stalls() == 1);

        for (uint256 i = 0; i < 700; ++i) {
            uint256 dice = uint256(keccak256(abi.encode("dice", i)));
            (uint256 one, uint256 other, uint256 third) = (dice >> 16, dice >> 80, dice >> 144);
            uint256 action = dice % 12;
            if (action < 3) court.open(one, other, third);
            else if (action == 3) court.submitEvidence(one, other, bytes32(third));
            else if (action == 4) court.submitEvidence(one, other, bytes32(third));
            else if (action == 5) court.rule(one, uint8(other), third % 4 != 0);
            else if (action == 6) court.expire(one);
            else if (action == 7) court.challengeGram(one, other, uint64(third));
            else if (action == 8) court.openGram(one, other);
            else if (action == 9) court.expireGram(one);
            else if (action == 10) court.withdraw(one);
            else if (i % 3 == 0) court.wait(one);
            if (i % 100 == 99) court.recall(one, other, third - (third % 4));
        }
        assert(court.opened() > 0 && court.ruled() > 0 && court.expired() > 0 && court.recalled() > 0);
        assert(court.gramsOpened() > 0 && court.gramsExpired() > 0);
    }
}
