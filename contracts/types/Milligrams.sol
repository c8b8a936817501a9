// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A mass of CO2e in whole milligrams, below 2^63. Not base units of credits, of which a milligram is
/// 10^9 (`Serials`), not a count of another registry's units, not a serial position.
/// @dev Where masses are reckoned with they are unwrapped: docs/design/value-types.md says why.
type Milligrams is uint64;
