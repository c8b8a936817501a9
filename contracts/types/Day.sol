// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A civil day: days since 1970-01-01, in the time zone that its field names. Not a number of days.
type Day is uint32;

/// @notice A day as it lies in storage, in 24 bits: 16,777,215 is in the year 47,904, long after 9999, where
/// manifests end.
type StoredDay is uint24;

using {notAfter as <=} for Day global;
using {widened} for StoredDay global;

function notAfter(Day one, Day other) pure returns (bool) {
    return Day.unwrap(one) <= Day.unwrap(other);
}

function widened(StoredDay day) pure returns (Day) {
    return Day.wrap(StoredDay.unwrap(day));
}
