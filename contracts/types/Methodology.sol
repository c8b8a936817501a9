// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "./Day.sol";

/// @notice Whether new batches may use a methodology. Later values are appended, never inserted.
enum MethodologyStatus {
    None,
    Published,
    Withdrawn
}

/// @notice What the chain knows about one methodology version; one slot.
struct MethodologyTerms {
    MethodologyStatus status;
    /// Right-padded ASCII, as in a batch.
    bytes8 region;
    /// Days since 1970-01-01 in the methodology's time zone on which acts count, both ends inclusive.
    Day firstDay;
    Day lastDay;
    /// Unix seconds from which on these terms bind commits.
    uint40 since;
}
