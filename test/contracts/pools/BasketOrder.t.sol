// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BasketOrder} from "../../../contracts/pools/BasketOrder.sol";
import {BatchId, NO_BATCH} from "../../../contracts/types/BatchId.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {bound} from "../support/Vm.sol";

/// @title The order of batches against a plain list that is searched from end to end.
contract BasketOrderTest {
    using BasketOrder for BasketOrder.Order;

    struct Item {
        uint32 day;
        uint32 position;
    }

    BasketOrder.Order private order;
    mapping(uint256 batchId => Item) private items;
    mapping(uint256 batchId => bool) private seen;
    uint256[] private batchIds;

    function testFuzz_nextDayIsTheFirstOneThatHasBatches(uint256 seed, uint16 from) external {
        uint256 changes = bound(seed, 1, 40);
        for (uint256 i = 1; i <= changes; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (batchIds.length > 0 && seed % 3 == 0) take((seed >> 8) % batchIds.length);
            else put(i, dayOf(seed >> 8));
        }
        assert(order.nextDay(from) == firstDayFrom(from));
        assert(order.nextDay(0) == firstDayFrom(0));
        for (uint256 i = 0; i < batchIds.length; ++i) {
            Item memory item = items[batchIds[i]];
            assert(order.lists[item.day][item.position] == BatchId.wrap(batchIds[i]));
            assert(order.nextDay(item.day) == item.day);
        }
    }

    function testFuzz_aCursorComesByEveryBatchOnceFromTheOldestDayOn(uint256 seed, uint8 removed) external {
        uint256 count = bound(seed, 0, 30);
        for (uint256 i = 1; i <= count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            // Days that follow each other are among them.
            put(i, dayOf(random) + uint32((random >> 16) % 2));
        }
        BasketOrder.Cursor memory cursor;
        uint32 day = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 batchId = BatchId.unwrap(order.next(cursor));
            Item memory item = items[batchId];
            assert(item.day >= day && !seen[batchId]);
            (seen[batchId], day) = (true, item.day);
            // Some leave when the cursor has come by; none of the others is passed over for it.
            if ((removed >> (i % 8)) & 1 == 1) take(placeOf(batchId));
        }
        assert(order.next(cursor) == NO_BATCH);
        assert(order.next(cursor) == NO_BATCH);
    }

    function test_daysAtTheEdgesOfWordsAreFound() external {
        uint16[6] memory days_ = [0, 255, 256, 511, 65_279, 65_535];
        for (uint256 i = 0; i < days_.length; ++i) put(i + 1, days_[i]);
        uint256 day = 0;
        for (uint256 i = 0; i < days_.length; ++i) {
            assert(order.nextDay(day) == days_[i]);
            day = uint256(days_[i]) + 1;
        }
        assert(order.nextDay(day) == BasketOrder.DAY_LIMIT);
        assert(order.nextDay(type(uint256).max) == BasketOrder.DAY_LIMIT);
        while (batchIds.length > 0) take(0);
        assert(order.nextDay(0) == BasketOrder.DAY_LIMIT && order.wordsInUse == 0);
    }

    function put(uint256 batchId, uint32 day) private {
        items[batchId] = Item(day, order.add(Day.wrap(day), BatchId.wrap(batchId)));
        batchIds.push(batchId);
    }

    function take(uint256 at) private {
        uint256 batchId = batchIds[at];
        Item memory item = items[batchId];
        uint256 moved = BatchId.unwrap(order.remove(Day.wrap(item.day), item.position));
        if (moved != 0) items[moved].position = item.position;
        batchIds[at] = batchIds[batchIds.length - 1];
        batchIds.pop();
    }

    function placeOf(uint256 batchId) private view returns (uint256 at) {
        while (batchIds[at] != batchId) ++at;
    }

    /// @dev Few days and words, so that they meet.
    function dayOf(uint256 seed) private pure returns (uint32) {
        return uint32((((seed % 4) * 85) << 8) | (((seed >> 8) % 3) * 127));
    }

    function firstDayFrom(uint256 from) private view returns (uint256 first) {
        first = BasketOrder.DAY_LIMIT;
        for (uint256 i = 0; i < batchIds.length; ++i) {
            uint256 day = items[batchIds[i]].day;
            if (day >= from && day < first) first = day;
        }
    }
}
