// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Milligrams} from "../types/Milligrams.sol";

/// @title Milligrams, base units and serial positions.
/// @notice One milligram is 10^9 base units, so one tonne is 10^18 (18 decimals). Serial positions are
/// milligrams, ranges half-open.
library Serials {
    uint256 internal constant BASE_UNITS_PER_MILLIGRAM = 1e9;
    /// A unit of another registry is a tonne.
    uint64 internal constant MILLIGRAMS_PER_UNIT = 1e9;
    /// Masses and positions from here on are refused everywhere (batch format, "Sum tree").
    uint256 internal constant LIMIT = 1 << 63;

    /// @notice Exact.
    function toBaseUnits(Milligrams milligrams) internal pure returns (uint256) {
        return uint256(Milligrams.unwrap(milligrams)) * BASE_UNITS_PER_MILLIGRAM;
    }

    /// @notice Exact. Base units of whole units of other registries.
    function unitsToBaseUnits(uint64 units) internal pure returns (uint256) {
        return uint256(units) * MILLIGRAMS_PER_UNIT * BASE_UNITS_PER_MILLIGRAM;
    }

    /// @notice Whole milligrams in an amount of base units, of which a fraction is left. Amounts of one id
    /// stay below 2^63 mg.
    function toMilligramsDown(uint256 baseUnits) internal pure returns (Milligrams) {
        return Milligrams.wrap(SafeCast.toUint64(baseUnits / BASE_UNITS_PER_MILLIGRAM));
    }

    /// @notice True where an amount of base units is a whole number of milligrams, the only ones that serials
    /// can name.
    function isWhole(uint256 baseUnits) internal pure returns (bool) {
        return baseUnits % BASE_UNITS_PER_MILLIGRAM == 0;
    }
}
