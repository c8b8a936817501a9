// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {AuthorityFreeze, FreezeClass, Hold, LockTerms} from "../types/Hold.sol";
import {LienConsent, LienTerms} from "../types/Lien.sol";
import {HoldActs} from "./HoldActs.sol";
import {HoldConsents} from "./HoldConsents.sol";
import {Encumbrance, HoldLedger, OwnFreeze} from "./HoldLedger.sol";
import {HoldStorage} from "./HoldStorage.sol";

/// @title A token's ledger of holds: reads it itself, and delegates what changes it to code that is never
/// another. See IHolds.
abstract contract HoldKeeper is AccessManaged, IHolds {
    uint32 private constant FIRST_MAX_LOCK = 180 days;

    /// @notice The code that acts on holds: same storage, same caller, same events.
    HoldActs public immutable holdActs;

    constructor(HoldActs holdActs_) {
        holdActs = holdActs_;
        HoldStorage.layout().maxLockSeconds = FIRST_MAX_LOCK;
        emit MaxLockSecondsSet(FIRST_MAX_LOCK);
    }

    /// @inheritdoc IHolds
    function placeLien(
        LienConsent calldata,
        uint256,
        bytes calldata,
        bytes calldata
    ) external returns (bytes32) {
        return bytes32(delegate(msg.data));
    }

    /// @inheritdoc IHolds
    function increaseLien(LienTerms calldata, uint256) external {
        delegate(msg.data);
    }

    /// @inheritdoc IHolds
    function releaseLien(LienTerms calldata, uint256) external {
        delegate(msg.data);
    }

    /// @inheritdoc IHolds
    function enforceLien(LienTerms calldata terms, address to, uint256 amount) external {
        address holder = abi.decode(delegate(msg.data), (address));
        handOver(holder, to, terms.tokenId, amount);
    }

    /// @inheritdoc IHolds
    function placeLock(LockTerms calldata, bytes calldata) external virtual returns (bytes32) {
        return bytes32(delegate(msg.data));
    }

    /// @inheritdoc IHolds
    function placeLockFromLien(LockTerms calldata, LienTerms calldata) external returns (bytes32) {
        return bytes32(delegate(msg.data));
    }

    /// @inheritdoc IHolds
    function deliverLock(LockTerms calldata terms, address to, uint256 amount) external {
        address holder = abi.decode(delegate(msg.data), (address));
        moveUnchecked(holder, to, terms.tokenId, amount);
    }

    /// @inheritdoc IHolds
    function endLock(LockTerms calldata) external {
        delegate(msg.data);
    }

    /// @inheritdoc IHolds
    function freezeByOrder(bytes32, FreezeClass, address, uint256 tokenId, uint256) external {
        tellFrozen(tokenId, delegate(msg.data));
    }

    /// @inheritdoc IHolds
    function setMaxLockSeconds(uint32 maxLockSeconds_) external restricted {
        HoldStorage.layout().maxLockSeconds = maxLockSeconds_;
        emit MaxLockSecondsSet(maxLockSeconds_);
    }

    /// @inheritdoc IHolds
    function holdOf(bytes32 holdId, uint256 tokenId) external view returns (Hold memory hold) {
        Hold storage stored = HoldStorage.layout().holdOf[holdId];
        hold = stored;
        hold.holder = HoldLedger.holderOf(stored, tokenId);
    }

    /// @inheritdoc IHolds
    function heldOf(address account, uint256 tokenId) external view returns (uint256) {
        return HoldLedger.wordOf(account, tokenId).held;
    }

    /// @inheritdoc IHolds
    function encumberedOf(address account, uint256 tokenId) external view returns (uint256) {
        Encumbrance memory stands = HoldLedger.wordOf(account, tokenId);
        return stands.held + stands.frozen;
    }

    /// @inheritdoc IHolds
    function prohibitedOf(address account, uint256 tokenId) external view returns (uint256) {
        return HoldLedger.prohibitedOf(account, tokenId, frozenOf(account, tokenId));
    }

    /// @inheritdoc IHolds
    function frozenByOf(
        address account,
        uint256 tokenId,
        bytes32 firm
    ) external view returns (AuthorityFreeze memory) {
        uint256 frozen = frozenOf(account, tokenId);
        OwnFreeze memory own = HoldLedger.ownFreezeOf(account, tokenId, firm, frozen);
        return AuthorityFreeze(uint128(own.attached), uint128(own.prohibited));
    }

    /// @inheritdoc IHolds
    function maxLockSeconds() external view returns (uint32) {
        return HoldStorage.layout().maxLockSeconds;
    }

    /// @inheritdoc IHolds
    function hashLienConsent(LienConsent calldata consent) external view returns (bytes32) {
        return HoldConsents.hashLien(consent);
    }

    /// @inheritdoc IHolds
    function hashLock(LockTerms calldata terms) external view returns (bytes32) {
        return HoldConsents.hashLock(terms);
    }

    /// @inheritdoc IHolds
    function lienIdOf(LienTerms calldata terms) external pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IHolds
    function lockIdOf(LockTerms calldata terms) external pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @dev Moves without asking who may, and calls nobody.
    function moveUnchecked(address from, address to, uint256 tokenId, uint256 amount) internal virtual;

    /// @dev Moves without asking who may; the receiver is asked where the token asks receivers.
    function handOver(address from, address to, uint256 tokenId, uint256 amount) internal virtual;

    /// @dev Tells what is frozen now, in the token's words.
    function emitFrozen(address account, uint256 tokenId, uint256 frozen) internal virtual;

    /// @dev ERC-7943's `setFrozenTokens`, of the caller's authority.
    function freezeAll(address account, uint256 tokenId, uint256 amount) internal {
        tellFrozen(tokenId, delegate(abi.encodeCall(HoldActs.freezeAll, (account, tokenId, amount))));
    }

    /// @dev Makes room for `amount` that leaves by a regulator's order, and tells it before the transfer
    /// (ERC-7943).
    function takeByOrder(
        address regulator,
        address account,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] memory released
    ) internal {
        bytes memory call = abi.encodeCall(
            HoldActs.takeByOrder,
            (regulator, account, tokenId, amount, released)
        );
        (uint256 frozen, uint256 lowered) = abi.decode(delegate(call), (uint256, uint256));
        if (lowered > 0) emitFrozen(account, tokenId, frozen);
    }

    /// @dev Lets holds and freezes follow a lost wallet's balance; the caller moves it.
    function moveHolds(address lost, address replacement, uint256 tokenId) internal {
        bytes memory call = abi.encodeCall(HoldActs.move, (lost, replacement, tokenId));
        uint256 frozen = abi.decode(delegate(call), (uint256));
        emitFrozen(lost, tokenId, 0);
        emitFrozen(replacement, tokenId, frozen);
    }

    function frozenOf(address account, uint256 tokenId) internal view returns (uint256) {
        return HoldLedger.wordOf(account, tokenId).frozen;
    }

    function delegate(bytes memory call) internal returns (bytes memory) {
        return Address.functionDelegateCall(address(holdActs), call);
    }

    function tellFrozen(uint256 tokenId, bytes memory answer) private {
        (address account, uint256 frozen) = abi.decode(answer, (address, uint256));
        emitFrozen(account, tokenId, frozen);
    }
}
