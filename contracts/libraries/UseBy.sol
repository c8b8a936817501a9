// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";

/// @title When the last day for retirement is over.
library UseBy {
    /// No time zone is further behind UTC: where this day ends last on Earth, it ends 12 hours after it does
    /// in UTC.
    uint256 private constant LATEST_ZONE = 12 hours;

    /// @notice True once the day is over in every time zone; never for day 0, which is none.
    /// @dev The day is one of the batch's own zone, which the chain doesn't know. Waiting for the last zone
    /// refuses nobody a second of the day. It is late by 26 hours at most, where the zone is UTC+14; who
    /// retires may know the zone, and stop earlier.
    function isOver(Day useByDay, uint256 time) internal pure returns (bool) {
        uint256 day = Day.unwrap(useByDay);
        return day != 0 && time >= (day + 1) * 1 days + LATEST_ZONE;
    }
}
