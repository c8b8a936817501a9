// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {UseBy} from "../../../contracts/libraries/UseBy.sol";
import {Day} from "../../../contracts/types/Day.sol";

/// @title A last day for retirement ends with it in the last time zone of the Earth.
contract UseByTest {
    /// Seconds by which zones are ahead of UTC.
    int256 private constant EARLIEST = 14 hours;
    int256 private constant LATEST = -12 hours;

    function test_isOverTwelveHoursAfterTheDaysEndInUtc() external pure {
        // 2025-12-31 is day 20,453.
        assert(!UseBy.isOver(Day.wrap(20_453), 1_767_225_600));
        assert(!UseBy.isOver(Day.wrap(20_453), 1_767_225_600 + 12 hours - 1));
        assert(UseBy.isOver(Day.wrap(20_453), 1_767_225_600 + 12 hours));
    }

    function testFuzz_withoutADayItIsNeverOver(uint256 time) external pure {
        assert(!UseBy.isOver(Day.wrap(0), time));
    }

    function testFuzz_isNotOverWhereAnyClockStillShowsTheDay(
        uint32 day,
        uint64 time,
        uint256 seed
    ) external pure {
        int256 offset = LATEST + int256(seed % uint256(EARLIEST - LATEST + 1));
        if (day == 0) return;
        int256 shown = (int256(uint256(time)) + offset + 1 days) / 1 days - 1;
        if (shown <= int256(uint256(day))) assert(!UseBy.isOver(Day.wrap(day), time));
        // Where it is over, the last clock shows the day after at least.
        int256 last = (int256(uint256(time)) + LATEST + 1 days) / 1 days - 1;
        assert(UseBy.isOver(Day.wrap(day), time) == (last > int256(uint256(day))));
    }
}
