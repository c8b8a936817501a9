// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TransferRefusal} from "../types/Lien.sol";
import {IERC7943Fungible} from "./IERC7943.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title A fungible token that only active participants send and hold.
/// @notice Freezes and orders are ERC-7943's. A pause stops ordinary transfers only; each token says which
/// ones are not ordinary. Source: architecture, "Contracts"; ERC-7943.
interface IPermissionedERC20 is IERC20, IERC7943Fungible {
    /// @notice The caller is no active participant of the kind that this needs (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice Ordinary transfers are paused.
    error TransfersPaused();
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    event TransfersPausedSet(bool paused);
    /// @notice A lost wallet's balance went to the wallet that took its place, with its freeze.
    event HoldingRecovered(address indexed lost, address indexed replacement, uint256 amount);

    /// @notice Pauses or resumes ordinary transfers. What is minted and burned is for each token to say.
    /// Restricted by the access manager.
    function setPaused(bool paused) external;

    /// @notice Lets balance and freeze follow a recovered wallet, together; again, should something have come
    /// since. Anybody calls.
    /// @dev Reverts NotRecovered.
    function recover(address lost) external;

    function isPaused() external view returns (bool);

    /// @notice Why a transfer would fail, in the order in which it is checked; `None` where it would go
    /// through. Never reverts.
    function transferRefusal(
        address from,
        address to,
        uint256 amount
    ) external view returns (TransferRefusal);

    function participants() external view returns (IParticipantRegistry);
}
