// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day, StoredDay} from "../../../contracts/types/Day.sol";

/// @title Days compare as their numbers do.
contract DayTest {
    function testFuzz_aDayIsNotAfterAnotherWhereItsNumberIsNotAbove(uint32 one, uint32 other) external pure {
        assert((Day.wrap(one) <= Day.wrap(other)) == (one <= other));
        assert(Day.wrap(one) <= Day.wrap(one));
    }

    function testFuzz_aStoredDayIsTheSameDay(uint24 day) external pure {
        assert(Day.unwrap(StoredDay.wrap(day).widened()) == day);
    }
}
