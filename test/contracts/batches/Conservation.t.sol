// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {RetirementRegistry} from "../../../contracts/retirements/RetirementRegistry.sol";
import {Batch, BatchStatus, SuspensionCause} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {Market} from "../support/Market.sol";
import {Book, Earlier, Strike} from "../support/MarketBooks.sol";

/// @title What holds after any sequence of commits, mints, transfers, retirements, strikes, cures,
/// suspensions and orders.
contract ConservationTest {
    uint256 private constant MG = 1e9;
    /// A leaf count is at most 16; a few indices behind it are looked at too.
    uint256 private constant LEAVES_LOOKED_AT = 20;

    Market private market;
    BatchRegistry private batches;
    CarbonCredit private credit;
    RetirementRegistry private retirements;

    function setUp() external {
        market = new Market();
        (batches, credit, retirements) = market.contracts();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    /// @dev Or the invariants would say nothing.
    function test_theMarketDoesWhatItIsFor() external {
        for (uint256 i = 0; i < 1260; ++i) step(i);
        string[20] memory actions = [
            "commit",
            "commitAndMint",
            "mint",
            "mintRest",
            "transfer",
            "retire",
            "retireByOrder",
            "retireFrozenByOrder",
            "replaceShortfall",
            "cureByBurning",
            "strike",
            "suspend",
            "reinstate",
            "openDispute",
            "closeDispute",
            "freeze",
            "forceTransfer",
            "suspendParty",
            "restoreParty",
            "setWindow"
        ];
        for (uint256 i = 0; i < actions.length; ++i) require(market.done(actions[i]) > 0, actions[i]);
        // What can be refused was refused at times.
        for (uint256 i = 0; i < 17; ++i) require(i == 13 || market.refused(actions[i]) > 0, actions[i]);
        assert(market.refused("meddle") > 0 && market.done("meddle") == 0);
        assert(market.done("pauseIssuance") > 0 && market.done("pauseTransfers") > 0);
    }

    function invariant_totalShortfallAndReplacedEqualMintedUnmintedAndStruck() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(market.batchIds(i)));
            Book memory book = market.bookOf(market.batchIds(i));
            uint256 claims =
                uint256(Milligrams.unwrap(batch.totalMg)) +
                    Milligrams.unwrap(batch.shortfallMg) +
                    Milligrams.unwrap(batch.replacedMg);
            assert(
                claims ==
                    uint256(Milligrams.unwrap(batch.mintedMg)) +
                        Milligrams.unwrap(batch.unmintedMg) +
                        Milligrams.unwrap(batch.struckMg)
            );
            // What is unminted derives from the others, so each is also held against the books.
            assert(
                Milligrams.unwrap(batch.totalMg) == book.total &&
                    Milligrams.unwrap(batch.mintedMg) == book.minted &&
                    Milligrams.unwrap(batch.unmintedMg) == book.unminted
            );
            assert(
                Milligrams.unwrap(batch.struckMg) == book.struck &&
                    Milligrams.unwrap(batch.shortfallMg) == book.shortfall &&
                    Milligrams.unwrap(batch.replacedMg) == book.replaced
            );
        }
    }

    function invariant_mintedEqualsCirculatingAndRetired() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(market.batchIds(i)));
            assert(
                Milligrams.unwrap(batch.mintedMg) * MG ==
                    heldOf(market.batchIds(i)) + Milligrams.unwrap(batch.retiredMg) * MG
            );
        }
    }

    function invariant_balancesAddUpToTheSupply() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            assert(heldOf(market.batchIds(i)) == credit.totalSupply(market.batchIds(i)));
        }
    }

    function invariant_balancesAreThoseOfTheBooks() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            for (uint256 k = 0; k < market.partyCount(); ++k) {
                assert(
                    credit.balanceOf(market.parties(k), batchId) == market.balance(market.parties(k), batchId)
                );
            }
        }
    }

    function invariant_bufferIsHeldUntilTheClaimPeriodIsOver() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(market.batchIds(i)));
            bool over =
                block.timestamp >= uint256(batch.committedAt) + uint256(batch.claimPeriodDays) * 1 days;
            assert(batch.status != BatchStatus.Completed || over);
            if (batch.status == BatchStatus.Completed) continue;
            // Strikes use up what is unminted, the buffer with it.
            assert(
                uint256(Milligrams.unwrap(batch.mintedMg)) + Milligrams.unwrap(batch.bufferMg) <=
                    Milligrams.unwrap(batch.totalMg)
            );
            assert(
                uint256(Milligrams.unwrap(batch.unmintedMg)) + Milligrams.unwrap(batch.struckMg) >=
                    Milligrams.unwrap(batch.bufferMg)
            );
        }
    }

    function invariant_onlyParticipantsHold() external view {
        address[5] memory others = [
            market.OUTSIDER(),
            address(market),
            address(batches),
            address(credit),
            address(retirements)
        ];
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            for (uint256 k = 0; k < others.length; ++k)
                assert(credit.balanceOf(others[k], market.batchIds(i)) == 0);
        }
    }

    function invariant_cursorIsWhatWasRetired() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            assert(
                Milligrams.unwrap(batches.batchOf(BatchId.wrap(batchId)).retiredMg) ==
                    market.bookOf(batchId).retired
            );
        }
    }

    function invariant_cursorNeverMovesBack() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            assert(
                Milligrams.unwrap(batches.batchOf(BatchId.wrap(batchId)).retiredMg) >=
                    market.earlierOf(batchId).retiredMg
            );
        }
    }

    function invariant_retirementRecordsNeverChange() external view {
        for (uint256 i = 0; i < market.retirementCount(); ++i) {
            bytes32 id = market.retirementIds(i);
            assert(
                retirements.recordHashOf(id) != 0 && retirements.recordHashOf(id) == market.recordHash(id)
            );
        }
    }

    function invariant_certificatesStayWithTheirHolders() external view {
        for (uint256 i = 0; i < market.retirementCount(); ++i) {
            bytes32 id = market.retirementIds(i);
            assert(retirements.ownerOf(uint256(id)) == market.certificateHolder(id));
        }
    }

    function invariant_shortfallSuspends() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(market.batchIds(i)));
            assert(
                (Milligrams.unwrap(batch.shortfallMg) > 0) ==
                    (batch.suspension & SuspensionCause.SHORTFALL != 0)
            );
        }
    }

    function invariant_suspendedInTheTokenAsInTheRegistry() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            uint8 causes = batches.batchOf(BatchId.wrap(batchId)).suspension;
            assert(causes == market.bookOf(batchId).causes);
            assert(credit.isSuspended(batchId) == (causes != 0));
        }
    }

    function invariant_strikesHashIsTheChainOfStrikes() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            Strike[] memory strikes = market.strikesOf(batchId);
            (bytes32 chain, uint256 sum) = (0, 0);
            for (uint256 k = 0; k < strikes.length; ++k) {
                chain = keccak256(
                    abi.encodePacked(chain, strikes[k].index, strikes[k].start, strikes[k].end)
                );
                sum += strikes[k].end - strikes[k].start;
            }
            assert(
                batches.batchOf(BatchId.wrap(batchId)).strikesHash == chain &&
                    Milligrams.unwrap(batches.batchOf(BatchId.wrap(batchId)).struckMg) == sum
            );
        }
    }

    function invariant_struckLeavesStayStruck() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            for (uint256 k = 0; k < LEAVES_LOOKED_AT; ++k)
                assert(
                    batches.isStruck(BatchId.wrap(batchId), LeafIndex.wrap(k)) ==
                        market.struckLeaf(batchId, k)
                );
        }
    }

    function invariant_rootLeadsToItsBatchOnly() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            assert(
                batches.batchOfRoot(market.bookOf(market.batchIds(i)).root) ==
                    BatchId.wrap(market.batchIds(i))
            );
        }
        assert(batches.batchOfRoot(0) == BatchId.wrap(0));
    }

    function invariant_headsFollowTheChainOfEachOperator() external view {
        uint256 found = 0;
        for (uint256 k = 0; k < market.partyCount(); ++k) {
            uint256 batchId = BatchId.unwrap(batches.headOf(market.parties(k)));
            while (batchId != 0) {
                assert(batches.batchOf(BatchId.wrap(batchId)).operator == market.parties(k));
                batchId = market.bookOf(batchId).previous;
                ++found;
            }
        }
        assert(found == market.batchCount());
    }

    function invariant_mintHappensOnceAndTheRestOnce() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(market.batchIds(i)));
            Earlier memory earlier = market.earlierOf(market.batchIds(i));
            assert(
                batch.status >= earlier.status && batch.status == market.bookOf(market.batchIds(i)).status
            );
            assert(batch.status > earlier.status || Milligrams.unwrap(batch.mintedMg) <= earlier.mintedMg);
            assert(batch.status != BatchStatus.Committed || Milligrams.unwrap(batch.mintedMg) == 0);
        }
    }

    function invariant_frozenReadsBack() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            for (uint256 k = 0; k < market.partyCount(); ++k) {
                address party = market.parties(k);
                assert(credit.getFrozenTokens(party, batchId) == market.frozen(party, batchId));
                assert(credit.encumberedOf(party, batchId) == market.frozen(party, batchId));
            }
        }
    }

    /// @dev Base units with all parties together.
    function heldOf(uint256 batchId) private view returns (uint256 sum) {
        for (uint256 k = 0; k < market.partyCount(); ++k) sum += credit.balanceOf(market.parties(k), batchId);
    }

    function step(uint256 i) private {
        uint256[4] memory x;
        for (uint256 k = 0; k < 4; ++k) x[k] = uint256(keccak256(abi.encode(i, k)));
        uint256 action = i % 21;
        if (action == 0) market.commit(x[0], uint64(x[1]), uint64(x[2]), x[3]);
        if (action == 1) market.commitAndMint(x[0], uint64(x[1]), uint64(x[2]), x[3]);
        if (action == 2) market.mint(x[0], x[1]);
        if (action == 3) market.mintRest(x[0], x[1]);
        if (action == 4) market.transfer(x[0], x[1], x[2], x[3]);
        if (action == 5) market.retire(x[0], x[1], x[2], x[3]);
        if (action == 6) market.retireByOrder(x[0], x[1], x[2], x[3]);
        if (action == 7) market.cureByBurning(x[0], x[1], x[2]);
        if (action == 8) market.replaceShortfall(x[0], x[1], x[2], x[3]);
        if (action == 9) market.strike(x[0], x[1], x[2]);
        if (action == 10) market.suspend(x[0], x[1], x[2]);
        if (action == 11 || action == 20) market.reinstate(x[0], x[1], x[2]);
        if (action == 12) market.openDispute(x[0], x[1] % 2 == 0);
        if (action == 13) market.closeDispute(x[0], x[1] % 2 == 0);
        if (action == 14) market.freeze(x[0], x[1], x[2], x[3]);
        if (action == 15) market.forceTransfer(x[0], x[1], x[2], x[3]);
        if (action == 16) market.setStatus(x[0], x[1]);
        if (action == 17) market.setPaused(x[0]);
        if (action == 18) market.setWindow(x[0]);
        if (action == 19) market.wait(x[0]);
        if (action == 20) market.meddle(x[0], x[1], uint64(x[2]), x[3]);
    }
}
