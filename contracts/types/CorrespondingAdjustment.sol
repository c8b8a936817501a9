// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Whether the host country corrects its inventory for what leaves it: `BatchStatement.adjustment`.
library CorrespondingAdjustment {
    uint8 internal constant NONE = 0;
    uint8 internal constant AUTHORISED = 1;
    uint8 internal constant APPLIED = 2;
}
