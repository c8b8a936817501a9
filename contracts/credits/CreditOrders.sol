// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {Lien, LienTerms} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {CreditLiens} from "./CreditLiens.sol";

/// @title What is done without the owner: freezes, forced transfers and burns, and the recovery of a lost
/// wallet's holdings.
abstract contract CreditOrders is CreditLiens {
    /// @inheritdoc IERC7943MultiToken
    function forcedTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external returns (bool) {
        return moveByForce(from, to, tokenId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function forcedTransferReleasing(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        // Nothing moves, so no lien ends: it would be a release in disguise.
        require(from != to, ERC7943CannotTransfer(from, to, tokenId, amount));
        releaseNamed(from, tokenId, released);
        return moveByForce(from, to, tokenId, amount);
    }

    /// @inheritdoc IERC7943MultiToken
    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        // What was frozen before the account became a pool can still be lifted.
        if (amount != 0) requireNoPool(account);
        storeFrozen(account, tokenId, amount);
        emit Frozen(account, tokenId, amount);
        return true;
    }

    /// @inheritdoc ICarbonCredit
    function recover(address lost, uint256 batchId, LienTerms[] calldata liens) external {
        address replacement = participants.replacementOf(lost);
        require(replacement != address(0), NotRecovered(lost));
        uint256 amount = balanceOf(lost, batchId);
        uint256 frozen = moveLiensAndFreeze(lost, replacement, batchId, liens);
        emit Frozen(lost, batchId, 0);
        emit Frozen(replacement, batchId, frozen);
        emit HoldingRecovered(lost, replacement, batchId, amount);
        moveUnchecked(lost, replacement, batchId, amount);
    }

    function moveByForce(address from, address to, uint256 tokenId, uint256 amount) private returns (bool) {
        requireCallerAndReceiver(ParticipantKinds.REGULATOR, to, 0);
        requireNoPool(from);
        // To oneself nothing moves, so nothing is unfrozen either.
        if (from != to) makeRoom(from, tokenId, amount);
        emit ForcedTransfer(from, to, tokenId, amount);
        handOver(from, to, tokenId, amount);
        return true;
    }

    /// @dev So that `amount` can leave without the owner.
    function makeRoom(address account, uint256 batchId, uint256 amount) internal {
        uint256 balance = balanceOf(account, batchId);
        require(amount <= balance, ERC1155InsufficientBalance(account, balance, amount, batchId));
        unfreezeFor(account, batchId, balance, amount);
    }

    function releaseNamed(address holder, uint256 batchId, LienTerms[] calldata liens) internal {
        for (uint256 i = 0; i < liens.length; ++i) {
            bytes32 lienId = lienIdOf(liens[i]);
            Lien memory lien = lienOf(lienId);
            require(
                lien.holder == holder && liens[i].batchId == batchId && lien.amount > 0,
                LienUnknown(lienId)
            );
            reduce(lienId, batchId, lien.amount);
        }
    }
}
