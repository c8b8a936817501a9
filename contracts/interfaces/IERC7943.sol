// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 for multi tokens (ERC-1155), names and rules by the letter. Interface id 0x41c4fbad.
interface IERC7943MultiToken is IERC165 {
    /// @notice Tokens were moved without their owner.
    event ForcedTransfer(address indexed from, address indexed to, uint256 indexed tokenId, uint256 amount);
    /// @notice The frozen amount is now `amount`.
    event Frozen(address indexed account, uint256 indexed tokenId, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 tokenId, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(
        address account,
        uint256 tokenId,
        uint256 amount,
        uint256 unfrozen
    );

    function forcedTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external returns (bool result);

    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool result);

    function canSend(address account) external view returns (bool allowed);

    function canReceive(address account) external view returns (bool allowed);

    function getFrozenTokens(address account, uint256 tokenId) external view returns (uint256 amount);

    function canTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external view returns (bool allowed);
}

/// @title ERC-7943 for fungible tokens (ERC-20), names and rules by the letter. Interface id 0x3edbb4c4.
interface IERC7943Fungible is IERC165 {
    /// @notice Tokens were moved without their owner.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    /// @notice The frozen amount is now `amount`.
    event Frozen(address indexed account, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);

    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    function canSend(address account) external view returns (bool allowed);

    function canReceive(address account) external view returns (bool allowed);

    function getFrozenTokens(address account) external view returns (uint256 amount);

    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
