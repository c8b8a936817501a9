// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";

/// @title Credits of every batch: ERC-1155, id = batch id, 18 decimals (10^18 base units are one tonne, 10^9 one milligram).
/// @notice Only active participants send and hold. Source: architecture, "Contracts"; batch format, "Accounting of a batch on chain".
interface ICarbonCredit is IERC1155 {
    /// @notice Sender or receiver is not an active participant.
    error HolderNotActive(address account);
    /// @notice Only the batch registry may mint.
    error CallerNotBatches(address caller);
    /// @notice Only the retirement registry may burn.
    error CallerNotRetirements(address caller);
    /// @notice Serials name whole milligrams, 10^9 base units.
    error NotWholeMilligrams(uint256 amount);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    /// @notice Brings credits into circulation. Batch registry only; the receiver is asked by ERC-1155's callback.
    /// @param amount Base units.
    /// @dev Reverts CallerNotBatches, HolderNotActive and as OpenZeppelin's ERC-1155.
    function mint(address to, uint256 batchId, uint256 amount) external;

    /// @notice Takes credits out of circulation for good. Retirement registry only, which calls for the holder itself.
    /// @param amount Base units, whole milligrams.
    /// @dev Reverts CallerNotRetirements, NotWholeMilligrams, HolderNotActive, ERC1155InsufficientBalance.
    function burnForRetirement(address holder, uint256 batchId, uint256 amount) external;

    /// @notice Base units of a batch in circulation.
    function totalSupply(uint256 batchId) external view returns (uint256);

    /// @notice 18 for every batch.
    function decimals() external pure returns (uint8);
}
