// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {LienTerms} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {CreditRules} from "./CreditRules.sol";

/// @title What is done without the owner: freezes, forced transfers and burns, and the recovery of a lost
/// wallet's holdings.
abstract contract CreditOrders is CreditRules {
    /// @inheritdoc IERC7943MultiToken
    function forcedTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external returns (bool) {
        return moveByForce(from, to, tokenId, amount, new LienTerms[](0));
    }

    /// @inheritdoc ICarbonCredit
    function forcedTransferReleasing(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (bool) {
        // Nothing moves, so no lien ends: it would be a release in disguise.
        require(from != to, ERC7943CannotTransfer(from, to, tokenId, amount));
        return moveByForce(from, to, tokenId, amount, released);
    }

    /// @inheritdoc IERC7943MultiToken
    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool) {
        freezeAll(account, tokenId, amount);
        return true;
    }

    /// @inheritdoc ICarbonCredit
    function recover(address lost, uint256 batchId) external {
        address replacement = participants.replacementOf(lost);
        require(replacement != address(0), NotRecovered(lost));
        uint256 amount = balanceOf(lost, batchId);
        moveHolds(lost, replacement, batchId);
        emit HoldingRecovered(lost, replacement, batchId, amount);
        moveUnchecked(lost, replacement, batchId, amount);
    }

    function moveByForce(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] memory released
    ) private returns (bool) {
        requireCallerAndReceiver(ParticipantKinds.REGULATOR, to);
        requireThere(from, tokenId, amount);
        // To oneself nothing moves, so nothing is unfrozen either.
        if (from != to) takeByOrder(msg.sender, from, tokenId, amount, released);
        emit ForcedTransfer(from, to, tokenId, amount);
        handOver(from, to, tokenId, amount);
        return true;
    }

    function requireThere(address account, uint256 batchId, uint256 amount) internal view {
        uint256 balance = balanceOf(account, batchId);
        require(amount <= balance, ERC1155InsufficientBalance(account, balance, amount, batchId));
    }
}
