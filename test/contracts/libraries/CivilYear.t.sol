// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CivilYear} from "../../../contracts/libraries/CivilYear.sol";
import {bound} from "../support/Vm.sol";
import {Day} from "../../../contracts/types/Day.sol";

/// @title Years of days, against a calendar that is counted out year by year.
contract CivilYearTest {
    function test_boundariesOfKnownYears() external pure {
        // 1970-01-01, 1999-12-31, 2000-01-01 and -12-31 (leap), 2100-02-28 to -03-01 (not leap), 2100-12-31,
        // 2101-01-01.
        uint32[8] memory days_ = [uint32(0), 10_956, 10_957, 11_322, 47_540, 47_541, 47_846, 47_847];
        uint16[8] memory years_ = [uint16(1970), 1999, 2000, 2000, 2100, 2100, 2100, 2101];
        for (uint256 i = 0; i < 8; ++i) assert(CivilYear.yearOf(Day.wrap(days_[i])) == years_[i]);
    }

    /// Five centuries hold every kind of leap rule.
    function testFuzz_agreesWithCountingYears(uint256 seed) external pure {
        uint256 day = bound(seed, 0, 190_000);
        uint256 year = 1970;
        uint256 left = day;
        while (left >= lengthOf(year)) left -= lengthOf(year++);
        assert(CivilYear.yearOf(Day.wrap(uint32(day))) == year);
    }

    function testFuzz_repeatsEveryFourHundredYears(uint32 day) external pure {
        day = uint32(bound(day, 0, type(uint32).max - 146_097));
        assert(CivilYear.yearOf(Day.wrap(day + 146_097)) == CivilYear.yearOf(Day.wrap(day)) + 400);
    }

    function lengthOf(uint256 year) private pure returns (uint256) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 366 : 365;
    }
}
