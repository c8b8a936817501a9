// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title ISO 3166-1 alpha-2 codes as bytes2.
library CountryCode {
    /// @notice True for two ASCII capitals. Whether the code is assigned is for the registrar to know.
    function isWellFormed(bytes2 country) internal pure returns (bool) {
        return isCapital(bytes1(country)) && isCapital(bytes1(country << 8));
    }

    function isCapital(bytes1 letter) private pure returns (bool) {
        // Below "A" it wraps around, above all others.
        unchecked {
            return uint8(letter) - uint8(bytes1("A")) < 26;
        }
    }
}
