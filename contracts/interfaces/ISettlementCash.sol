// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPermissionedERC20} from "./IPermissionedERC20.sol";

/// @title Tokenised bank money for the cash leg: 6 decimals, one token a currency.
/// @notice Banks of kind cash issuer bring it into circulation against money held with them and take it back
/// from their own balance. Cash of all issuers is one and the same; a bank that holds more than it issued
/// passes it on to the bank that did. Contracts that keep cash for others (disputes, payouts, settlement) are
/// registered as participants of kind escrow. While paused, cash still reaches banks and lien agents
/// (repayment) and still leaves escrows and lien agents (release, refund, payout); issuing and redeeming
/// go on. A bank whose key is lost is stopped by its status. Source: architecture, "Contracts"; finance, "DvP
/// trade".
interface ISettlementCash is IPermissionedERC20 {
    /// @notice An issuer takes back no more than it brought into circulation. Base units.
    error RedemptionExceedsIssued(address issuer, uint256 amount, uint256 outstanding);

    /// @notice `outstanding`: what the issuer has in circulation afterwards. Base units, 10^-6 of the
    /// currency.
    event CashIssued(address indexed issuer, address indexed to, uint256 amount, uint256 outstanding);
    event CashRedeemed(address indexed issuer, uint256 amount, uint256 outstanding);

    /// @notice Brings cash into circulation. Cash issuers only.
    /// @dev Reverts CallerNotEntitled, ERC7943CannotReceive, ERC20InvalidReceiver.
    function issue(address to, uint256 amount) external;

    /// @notice Takes cash of the caller out of circulation. Cash issuers only, up to what they have issued.
    /// @dev Reverts CallerNotEntitled, RedemptionExceedsIssued, ERC7943InsufficientUnfrozenBalance,
    /// ERC20InsufficientBalance.
    function redeem(uint256 amount) external;

    /// @notice Base units that an issuer has in circulation; all issuers together make the total supply.
    function outstandingOf(address issuer) external view returns (uint256);
}
