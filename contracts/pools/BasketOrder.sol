// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BatchId, NO_BATCH} from "../types/BatchId.sol";
import {Day} from "../types/Day.sol";

/// @title Batches in the order of a day, each step in constant time.
/// @notice A list for each day, a bitmap of the days that have one, and a bitmap of that bitmap's words:
/// finding the next day reads three words wherever it is. Nobody has to say where a batch belongs, so no race
/// makes that wrong and nobody can misplace one.
library BasketOrder {
    /// @notice Days from here on, 2149-06-07, have no place in two levels of 256 bits.
    uint256 internal constant DAY_LIMIT = 1 << 16;

    struct Order {
        uint256 wordsInUse;
        mapping(uint256 word => uint256 days_) daysInUse;
        mapping(uint256 day => BatchId[] batchIds) lists;
    }

    /// @notice A place in the order; zeros stand before the oldest batch.
    struct Cursor {
        /// The first day that was not looked at.
        uint256 day;
        /// Batches of the day before it that are still to come.
        uint256 left;
    }

    /// @return position Where the batch stands in the list of its day (below DAY_LIMIT).
    function add(Order storage order, Day vintageEndDay, BatchId batchId) internal returns (uint32 position) {
        uint256 day = Day.unwrap(vintageEndDay);
        BatchId[] storage list = order.lists[day];
        position = uint32(list.length);
        list.push(batchId);
        if (position > 0) return position;
        uint256 word = day >> 8;
        uint256 daysInUse = order.daysInUse[word];
        order.daysInUse[word] = daysInUse | (1 << (day & 255));
        if (daysInUse == 0) order.wordsInUse |= 1 << word;
    }

    /// @return moved The batch that stands at the position now, `NO_BATCH` where it was the last.
    function remove(
        Order storage order,
        Day vintageEndDay,
        uint256 position
    ) internal returns (BatchId moved) {
        uint256 day = Day.unwrap(vintageEndDay);
        BatchId[] storage list = order.lists[day];
        uint256 last = list.length - 1;
        if (position < last) {
            moved = list[last];
            list[position] = moved;
        }
        list.pop();
        if (last > 0) return moved;
        uint256 word = day >> 8;
        uint256 daysInUse = order.daysInUse[word] & ~(1 << (day & 255));
        order.daysInUse[word] = daysInUse;
        if (daysInUse == 0) order.wordsInUse &= ~(1 << word);
    }

    /// @notice Moves the cursor over the next batch, which is returned; `NO_BATCH` at the end.
    /// @dev Of a day from the last to the first: what fills the place of a batch that was removed since is
    /// one that was returned before.
    function next(Order storage order, Cursor memory cursor) internal view returns (BatchId) {
        if (cursor.left == 0) {
            uint256 day = nextDay(order, cursor.day);
            if (day == DAY_LIMIT) return NO_BATCH;
            (cursor.day, cursor.left) = (day + 1, order.lists[day].length);
        }
        return order.lists[cursor.day - 1][--cursor.left];
    }

    /// @notice The first day at or after `day` that has batches; DAY_LIMIT for none.
    function nextDay(Order storage order, uint256 day) internal view returns (uint256) {
        if (day >= DAY_LIMIT) return DAY_LIMIT;
        uint256 word = day >> 8;
        uint256 rest = (order.daysInUse[word] >> (day & 255)) << (day & 255);
        if (rest == 0) {
            // A shift by 256 gives 0: after the last word there is none.
            uint256 words = (order.wordsInUse >> (word + 1)) << (word + 1);
            if (words == 0) return DAY_LIMIT;
            word = lowestBit(words);
            rest = order.daysInUse[word];
        }
        return (word << 8) | lowestBit(rest);
    }

    function lowestBit(uint256 bits) private pure returns (uint256) {
        return Math.log2(bits & (~bits + 1));
    }
}
