// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {TransferRefusal} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {HoldActs} from "../holds/HoldActs.sol";
import {HoldKeeper} from "../holds/HoldKeeper.sol";
import {HoldLedger} from "../holds/HoldLedger.sol";

/// @title Who may move how much: the rules of every transfer, and the questions about them.
/// @dev No guard against calls back: each function here and in the heirs has written everything before a
/// receiver is called, last, so that a receiver meets a state in which every rule holds. A guard would only
/// refuse it what it may do a moment later.
abstract contract CreditRules is ERC1155, HoldKeeper, ICarbonCredit {
    IParticipantRegistry public immutable participants;

    mapping(uint256 batchId => bool) internal suspended;
    bool internal paused;

    constructor(IParticipantRegistry participants_) HoldKeeper(new HoldActs(participants_, false)) {
        participants = participants_;
    }

    /// @inheritdoc ICarbonCredit
    function isSuspended(uint256 batchId) external view returns (bool) {
        return suspended[batchId];
    }

    /// @inheritdoc ICarbonCredit
    function isPaused() external view returns (bool) {
        return paused;
    }

    /// @inheritdoc IERC7943MultiToken
    function getFrozenTokens(address account, uint256 tokenId) external view returns (uint256) {
        return frozenOf(account, tokenId);
    }

    /// @inheritdoc IERC7943MultiToken
    function canSend(address account) external view returns (bool) {
        return participants.isActive(account);
    }

    /// @inheritdoc IERC7943MultiToken
    function canReceive(address account) external view returns (bool) {
        return participants.isActive(account);
    }

    /// @inheritdoc IERC7943MultiToken
    function canTransfer(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount
    ) external view returns (bool allowed) {
        TransferRefusal refusal = transferRefusal(from, to, tokenId, amount);
        // A lack of balance is the base token's affair (ERC-7943).
        allowed = refusal == TransferRefusal.None || refusal == TransferRefusal.BalanceTooSmall;
    }

    /// @inheritdoc ICarbonCredit
    function transferRefusal(
        address from,
        address to,
        uint256 batchId,
        uint256 amount
    ) public view returns (TransferRefusal) {
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        if (fromKinds == 0) return TransferRefusal.SenderNotActive;
        if (toKinds == 0) return TransferRefusal.ReceiverNotActive;
        if (refusesDeposit(to, toKinds)) return TransferRefusal.PoolTakesDepositsOnly;
        if (isPausedFor(fromKinds)) return TransferRefusal.TransfersPaused;
        if (suspended[batchId]) return TransferRefusal.BatchSuspended;
        uint256 balance = balanceOf(from, batchId);
        if (amount > balance) return TransferRefusal.BalanceTooSmall;
        return
            amount > HoldLedger.freeOf(from, batchId, balance)
                ? TransferRefusal.Encumbered
                : TransferRefusal.None;
    }

    /// @dev Every move that an owner, an issuer or the retirement registry asks for comes through here;
    /// orders and enforcements don't.
    function _update(
        address from,
        address to,
        uint256[] memory ids,
        uint256[] memory values
    ) internal override {
        require(ids.length == values.length, ERC1155InvalidArrayLength(ids.length, values.length));
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        require(fromKinds != 0 || from == address(0), ERC7943CannotSend(from));
        require(to == address(0) || (toKinds != 0 && !refusesDeposit(to, toKinds)), ERC7943CannotReceive(to));
        bool isTransfer = from != address(0) && to != address(0);
        require(!isTransfer || !isPausedFor(fromKinds), TransfersPaused());
        for (uint256 i = 0; i < ids.length; ++i) {
            require(!isTransfer || !suspended[ids[i]], TransferSuspended(ids[i]));
            if (from != address(0)) requireUnencumbered(from, ids, values, i);
        }
        super._update(from, to, ids, values);
    }

    /// @dev Moves, or burns, without asking who may, and calls nobody.
    function moveUnchecked(address from, address to, uint256 batchId, uint256 amount) internal override {
        super._update(from, to, single(batchId), single(amount));
    }

    /// @dev Moves without asking who may; the receiver is asked as ever.
    function handOver(address from, address to, uint256 batchId, uint256 amount) internal override {
        moveUnchecked(from, to, batchId, amount);
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, batchId, amount, "");
    }

    function emitFrozen(address account, uint256 batchId, uint256 frozen) internal override {
        emit Frozen(account, batchId, frozen);
    }

    /// @dev Who acts without the owner, and who gets the credits: active, of the kinds needed; no pool gets
    /// any.
    function requireCallerAndReceiver(uint32 callerKinds, address to) internal view {
        (uint32 ofCaller, uint32 ofReceiver) = participants.kindsOf(msg.sender, to);
        require(ofCaller & callerKinds == callerKinds, CallerNotEntitled(msg.sender, callerKinds));
        require(ofReceiver != 0 && ofReceiver & ParticipantKinds.POOL == 0, ERC7943CannotReceive(to));
    }

    /// @dev A pool takes credits only where it moves them itself.
    function refusesDeposit(address to, uint32 kinds) private view returns (bool) {
        return kinds & ParticipantKinds.POOL != 0 && msg.sender != to;
    }

    /// @dev Redemption from pools goes on.
    function isPausedFor(uint32 fromKinds) private view returns (bool) {
        return paused && fromKinds & ParticipantKinds.POOL == 0;
    }

    /// @dev What entry `last` of a call moves, together with earlier entries of the same id, is free: each
    /// alone would compare with a balance that the others have not lowered yet.
    function requireUnencumbered(
        address from,
        uint256[] memory ids,
        uint256[] memory values,
        uint256 last
    ) private view {
        uint256 batchId = ids[last];
        if (!HoldLedger.isEncumbered(from, batchId)) return;
        uint256 amount = 0;
        for (uint256 i = 0; i <= last; ++i) {
            if (ids[i] == batchId) amount = Math.saturatingAdd(amount, values[i]);
        }
        uint256 balance = balanceOf(from, batchId);
        uint256 free = HoldLedger.freeOf(from, batchId, balance);
        // An entry above the balance is for ERC-1155 to refuse.
        require(
            amount <= free || values[last] > balance,
            ERC7943InsufficientUnfrozenBalance(from, batchId, amount, free)
        );
    }

    function single(uint256 value) internal pure returns (uint256[] memory values) {
        values = new uint256[](1);
        values[0] = value;
    }
}
