// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";

/// @title Who stands in the place of a lost wallet.
library Succession {
    /// @notice The wallet that has the account's place now; the account itself where it was not replaced.
    /// @dev The registry follows replacements of replacements to their end.
    function currentOf(
        IParticipantRegistry participants,
        address account
    ) internal view returns (address current) {
        current = participants.replacementOf(account);
        if (current == address(0)) current = account;
    }

    /// @notice True where `wallet` is the account, or took its place. Only the latter is asked of the
    /// registry.
    /// @param wallet Not 0: a caller.
    function standsFor(
        IParticipantRegistry participants,
        address wallet,
        address account
    ) internal view returns (bool) {
        return wallet == account || participants.replacementOf(account) == wallet;
    }
}
