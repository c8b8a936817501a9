// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A civil day: days since 1970-01-01, in the time zone that its field names. Not a number of days.
type Day is uint32;

using {notAfter as <=} for Day global;

function notAfter(Day one, Day other) pure returns (bool) {
    return Day.unwrap(one) <= Day.unwrap(other);
}
