// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";

/// @title Calendar years of the proleptic Gregorian calendar.
library CivilYear {
    /// Days from 0000-03-01 to 1970-01-01, and in 400 years.
    uint256 private constant EPOCH_SHIFT = 719_468;
    uint256 private constant ERA = 146_097;

    /// @notice The year that a day lies in. Source: H. Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", civil_from_days.
    function yearOf(Day day) internal pure returns (uint256 year) {
        uint256 shifted = uint256(Day.unwrap(day)) + EPOCH_SHIFT;
        uint256 dayOfEra = shifted % ERA;
        uint256 yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        // Years of this count begin in March: day 306 is 1 January.
        year = yearOfEra + (shifted / ERA) * 400 + (dayOfYear >= 306 ? 1 : 0);
    }
}
