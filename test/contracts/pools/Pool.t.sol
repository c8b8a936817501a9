// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {CarbonPool} from "../../../contracts/pools/CarbonPool.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {PoolEntry} from "../../../contracts/types/Pool.sol";
import {PoolMarket} from "../support/PoolMarket.sol";

/// @title What holds of a pool after any sequence of deposits, redemptions, retirements, transfers,
/// suspensions and orders.
contract PoolTest {
    uint256 private constant MG = 1e9;

    PoolMarket private market;
    CarbonPool private pool;
    CarbonCredit private credit;
    BatchRegistry private batches;

    function setUp() external {
        market = new PoolMarket();
        pool = market.pool();
        (address creditAt, address batchesAt) = market.contracts();
        (credit, batches) = (CarbonCredit(creditAt), BatchRegistry(batchesAt));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function invariant_creditsHeldEqualShares() external view {
        uint256 held = 0;
        for (uint256 i = 0; i < market.BATCHES(); ++i)
            held += credit.balanceOf(address(pool), market.batchId(i));
        assert(held == pool.totalSupply());
    }

    function invariant_sharesOfAllHoldersAddUpToTheSupply() external view {
        uint256 sum = pool.balanceOf(address(pool)) + pool.balanceOf(market.COLLECTOR());
        for (uint256 i = 0; i < market.PARTIES(); ++i) sum += pool.balanceOf(market.parties(i));
        assert(sum == pool.totalSupply());
    }

    function invariant_everyBatchIsHeldAsBookedInWholeMilligrams() external view {
        for (uint256 i = 0; i < market.BATCHES(); ++i) {
            uint256 id = market.batchId(i);
            assert(credit.balanceOf(address(pool), id) == market.heldMg(id) * MG);
        }
    }

    function invariant_poolOwnsTheUncollectedFeesAndNothingElse() external view {
        assert(pool.balanceOf(address(pool)) == market.feesMg() * MG);
    }

    function invariant_batchOutsideTheTermsNeverGetsIn() external view {
        uint256 outside = market.batchId(market.OUTSIDE());
        assert(
            credit.balanceOf(address(pool), outside) == 0 && !pool.entryOf(BatchId.wrap(outside)).admitted
        );
    }

    function invariant_suspendedBatchStaysWhole() external view {
        for (uint256 i = 0; i < market.BATCHES(); ++i) {
            uint256 id = market.batchId(i);
            assert(!credit.isSuspended(id) || market.heldMg(id) == market.heldAtSuspension(id));
        }
    }

    function invariant_whatMovesAndIsHeldIsReachableByAge() external view {
        BatchId[] memory order = pool.oldest(market.BATCHES() + 1);
        for (uint256 i = 0; i < market.BATCHES(); ++i) {
            uint256 id = market.batchId(i);
            PoolEntry memory entry = pool.entryOf(BatchId.wrap(id));
            assert(count(order, id) == (entry.queued ? 1 : 0));
            assert(!entry.queued || market.heldMg(id) > 0);
        }
    }

    function invariant_orderIsByEndOfVintage() external view {
        BatchId[] memory order = pool.oldest(market.BATCHES() + 1);
        for (uint256 i = 1; i < order.length; ++i) {
            assert(
                Day.unwrap(pool.entryOf(order[i - 1]).vintageEndDay) <=
                    Day.unwrap(pool.entryOf(order[i]).vintageEndDay)
            );
        }
    }

    function invariant_serialsAreUsedUpByWhatWasRetired() external view {
        for (uint256 i = 0; i < market.BATCHES(); ++i) {
            uint256 id = market.batchId(i);
            assert(Milligrams.unwrap(batches.batchOf(BatchId.wrap(id)).retiredMg) == market.retiredMg(id));
        }
    }

    function invariant_supplyIsWholeMilligrams() external view {
        assert(pool.totalSupply() % MG == 0);
    }

    function testFuzz_feeIsRoundedUpAndNeverMoreThanAMilligramAboveTheShare(uint64 milligrams) external view {
        uint256 fee = pool.choiceFeeUp(Milligrams.wrap(milligrams));
        assert(fee * 10_000 >= uint256(milligrams) * 125);
        assert(fee == 0 || (fee - 1) * 10_000 < uint256(milligrams) * 125);
    }

    function count(BatchId[] memory ids, uint256 id) private pure returns (uint256 times) {
        for (uint256 i = 0; i < ids.length; ++i) if (BatchId.unwrap(ids[i]) == id) ++times;
    }
}
