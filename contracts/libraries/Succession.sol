// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";

/// @title Who stands in the place of a lost wallet.
library Succession {
    /// @notice The wallet at the end of the chain of replacements; the account itself where it was not
    /// replaced.
    /// @dev A replacement was new when it came in, so the chain has no circle; each link took a quorum of
    /// guardians, so it is short.
    function currentOf(
        IParticipantRegistry participants,
        address account
    ) internal view returns (address current) {
        current = account;
        address replacement = participants.replacementOf(account);
        while (replacement != address(0)) {
            current = replacement;
            replacement = participants.replacementOf(current);
        }
    }
}
