// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IPermissionedERC20} from "../interfaces/IPermissionedERC20.sol";
import {TransferRefusal} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title Base of fungible tokens that only active participants send and hold. See IPermissionedERC20.
abstract contract PermissionedERC20 is ERC20, IPermissionedERC20, AccessManaged {
    IParticipantRegistry public immutable participants;

    mapping(address account => uint256 amount) private frozen;
    bool private paused;

    constructor(
        address manager,
        IParticipantRegistry participants_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) AccessManaged(manager) {
        require(address(participants_) != address(0), ZeroDependency());
        participants = participants_;
    }

    /// @inheritdoc IPermissionedERC20
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit TransfersPausedSet(paused_);
    }

    /// @inheritdoc IERC7943Fungible
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        require(isReceiver(to), ERC7943CannotReceive(to));
        // To oneself nothing moves, so nothing is unfrozen either.
        if (from != to) unfreezeFor(from, amount);
        emit ForcedTransfer(from, to, amount);
        super._update(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        setFrozen(account, amount);
        return true;
    }

    /// @inheritdoc IPermissionedERC20
    function isPaused() external view returns (bool) {
        return paused;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) external view returns (bool) {
        return participants.isActive(account);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool) {
        return isReceiver(account);
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return transferRefusal(from, to, amount) == TransferRefusal.None;
    }

    /// @inheritdoc IPermissionedERC20
    function recover(address lost) public virtual {
        address replacement = participants.replacementOf(lost);
        require(replacement != address(0), NotRecovered(lost));
        uint256 amount = balanceOf(lost);
        uint256 both = Math.saturatingAdd(frozen[lost], frozen[replacement]);
        setFrozen(lost, 0);
        setFrozen(replacement, both);
        emit HoldingRecovered(lost, replacement, amount);
        super._update(lost, replacement, amount);
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) public view returns (uint256) {
        return frozen[account];
    }

    /// @inheritdoc IPermissionedERC20
    function transferRefusal(address from, address to, uint256 amount) public view returns (TransferRefusal) {
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        if (fromKinds == 0) return TransferRefusal.SenderNotActive;
        if (toKinds == 0) return TransferRefusal.ReceiverNotActive;
        if (toKinds & ParticipantKinds.POOL != 0) return TransferRefusal.PoolTakesDepositsOnly;
        if (paused && !movesWhilePaused(fromKinds, toKinds)) return TransferRefusal.TransfersPaused;
        if (amount > balanceOf(from)) return TransferRefusal.BalanceTooSmall;
        return amount > unfrozenOf(from) ? TransferRefusal.Encumbered : TransferRefusal.None;
    }

    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return
            interfaceId == type(IERC7943Fungible).interfaceId ||
            interfaceId == type(IERC20).interfaceId ||
            interfaceId == type(IERC165).interfaceId;
    }

    /// @dev Every move that an owner asks for comes through here, minting and burning too; orders and
    /// recoveries don't.
    function _update(address from, address to, uint256 amount) internal virtual override {
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        if (from != address(0)) {
            require(fromKinds != 0, ERC7943CannotSend(from));
            requireUnfrozen(from, amount);
        }
        if (to != address(0)) require(toKinds != 0, ERC7943CannotReceive(to));
        if (from != address(0) && to != address(0)) {
            // A pool could never give it back.
            require(toKinds & ParticipantKinds.POOL == 0, ERC7943CannotReceive(to));
            require(!paused || movesWhilePaused(fromKinds, toKinds), TransfersPaused());
        }
        super._update(from, to, amount);
    }

    /// @dev Whether a transfer between participants of these kinds goes on while paused.
    function movesWhilePaused(uint32 fromKinds, uint32 toKinds) internal view virtual returns (bool);

    /// @dev What is left of the balance beside the freeze.
    function unfrozenOf(address account) internal view returns (uint256) {
        return Math.saturatingSub(balanceOf(account), frozen[account]);
    }

    function requireCallerKind(uint32 kinds) internal view {
        require(participants.hasKind(msg.sender, kinds), CallerNotEntitled(msg.sender, kinds));
    }

    /// @dev Lowers the freeze so far that `amount` can leave.
    function unfreezeFor(address account, uint256 amount) private {
        uint256 balance = balanceOf(account);
        require(amount <= balance, ERC20InsufficientBalance(account, balance, amount));
        // Before the transfer (ERC-7943).
        if (frozen[account] > balance - amount) setFrozen(account, balance - amount);
    }

    function setFrozen(address account, uint256 amount) private {
        frozen[account] = amount;
        emit Frozen(account, amount);
    }

    function requireUnfrozen(address from, uint256 amount) private view {
        uint256 held = frozen[from];
        if (held == 0) return;
        uint256 balance = balanceOf(from);
        uint256 free = Math.saturatingSub(balance, held);
        // More than the balance is for ERC-20 to refuse.
        require(amount <= free || amount > balance, ERC7943InsufficientUnfrozenBalance(from, amount, free));
    }

    function isReceiver(address account) private view returns (bool) {
        (uint32 kinds, ) = participants.standingOf(account);
        return kinds != 0 && kinds & ParticipantKinds.POOL == 0;
    }
}
