// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AuthorityFreeze, FreezeClass, Hold, HoldKind} from "../types/Hold.sol";
import {HoldMath} from "./HoldMath.sol";
import {HoldStorage} from "./HoldStorage.sol";

/// @notice What one authority froze, by class, base units; as `AuthorityFreeze`, of all wallets together.
struct OwnFreeze {
    uint256 attached;
    uint256 prohibited;
}

/// @notice What stands on an account's units of one id, as its word has it, in base units.
struct Encumbrance {
    /// Σ live liens and locks; never above the balance.
    uint256 held;
    /// By all authorities; may exceed the balance.
    uint256 frozen;
}

/// @title The ledger of holds beside a token's balances: liens, locks and freezes, by account and id. Knows
/// no token: balances come as arguments, who may act is for the caller to check.
library HoldLedger {
    uint8 private constant HELD_AT = 160;
    /// The most that one authority freezes of one class: far above any balance, and small enough that the
    /// sums of many fit their words.
    uint256 internal constant MAX_FREEZE = type(uint120).max;

    /// @notice An id is used once, whatever became of the hold.
    error HoldKnown(bytes32 holdId);
    /// @notice Never placed, or ended.
    error HoldUnknown(bytes32 holdId);
    /// @notice Nothing, or more than is still held.
    error HoldExceeded(bytes32 holdId, uint256 amount, uint256 held);
    /// @notice One authority freezes at most 2^120 - 1 of a class.
    error FreezeTooLarge(uint256 amount);

    function wordOf(address account, uint256 tokenId) internal view returns (Encumbrance memory stands) {
        uint256 word = HoldStorage.layout().wordOf[account][tokenId];
        (stands.held, stands.frozen) = (word >> HELD_AT, uint160(word));
    }

    /// @notice True where anything is held or frozen.
    function isEncumbered(address account, uint256 tokenId) internal view returns (bool) {
        return HoldStorage.layout().wordOf[account][tokenId] != 0;
    }

    function freeOf(address account, uint256 tokenId, uint256 balance) internal view returns (uint256) {
        Encumbrance memory stands = wordOf(account, tokenId);
        return HoldMath.freeOf(balance, stands.held, stands.frozen);
    }

    /// @notice What is prohibited; the cold slot is read only where something is frozen.
    function prohibitedOf(address account, uint256 tokenId, uint256 frozen) internal view returns (uint256) {
        return frozen == 0 ? 0 : HoldStorage.layout().prohibitedOf[account][tokenId];
    }

    /// @notice Where a wallet's holding lies now: the wallet itself, unless it moved to another.
    function currentOf(address account, uint256 tokenId) internal view returns (address current) {
        HoldStorage.Layout storage $ = HoldStorage.layout();
        address next = account;
        while (next != address(0)) (current, next) = (next, $.movedTo[next][tokenId]);
    }

    /// @notice Who holds the units of a hold now.
    /// @dev A wallet whose holding moved holds nothing any more, so its own word tells, and the path to
    /// another is read only then.
    function holderOf(Hold storage hold, uint256 tokenId) internal view returns (address holder) {
        holder = hold.holder;
        if (wordOf(holder, tokenId).held < hold.amount) holder = currentOf(holder, tokenId);
    }

    /// @notice A lien or lock of the holder's free units.
    function place(bytes32 holdId, uint256 tokenId, Hold memory hold, uint256 balance) internal {
        storeNew(holdId, hold);
        Encumbrance memory stands = wordOf(hold.holder, tokenId);
        stands.held = HoldMath.place(balance, stands.held, stands.frozen, hold.amount);
        store(hold.holder, tokenId, stands);
    }

    /// @notice Adds free units of the holder to a live lien.
    function increase(
        bytes32 holdId,
        uint256 tokenId,
        address holder,
        uint256 amount,
        uint256 balance
    ) internal {
        Hold storage hold = HoldStorage.layout().holdOf[holdId];
        require(hold.amount > 0, HoldUnknown(holdId));
        Encumbrance memory stands = wordOf(holder, tokenId);
        stands.held = HoldMath.place(balance, stands.held, stands.frozen, amount);
        store(holder, tokenId, stands);
        (hold.holder, hold.amount) = (holder, SafeCast.toUint96(hold.amount + amount));
    }

    /// @notice A lock of units that a lien held: what is held stays the same.
    /// @param lock Its origin names the lien, its holder who holds the lien's units now.
    function placeFromOrigin(bytes32 lockId, Hold memory lock) internal {
        storeNew(lockId, lock);
        reduce(lock.origin, lock.holder, lock.amount);
    }

    /// @notice Ends a lien, or a part of it.
    function release(
        bytes32 holdId,
        uint256 tokenId,
        uint256 amount
    ) internal returns (address holder, uint256 left) {
        holder = holderOf(HoldStorage.layout().holdOf[holdId], tokenId);
        left = reduce(holdId, holder, amount);
        Encumbrance memory stands = wordOf(holder, tokenId);
        stands.held -= amount;
        store(holder, tokenId, stands);
    }

    /// @notice Ends a lock: what is left goes back to the lien that it came from, else it is free.
    function end(bytes32 lockId, uint256 tokenId) internal returns (address holder, uint256 amount) {
        Hold storage lock = HoldStorage.layout().holdOf[lockId];
        amount = lock.amount;
        bytes32 origin = lock.origin;
        if (origin == 0) {
            (holder, ) = release(lockId, tokenId, amount);
        } else {
            holder = holderOf(lock, tokenId);
            reduce(lockId, holder, amount);
            Hold storage lien = HoldStorage.layout().holdOf[origin];
            (lien.holder, lien.amount) = (holder, SafeCast.toUint96(lien.amount + amount));
        }
    }

    /// @notice Held units leave the holder: enforcement of a lien, delivery of a lock. No prohibited unit
    /// does. The caller moves the balance.
    /// @param balance Of the holder that `holderOf` says.
    function deliver(
        bytes32 holdId,
        uint256 tokenId,
        address holder,
        uint256 amount,
        uint256 balance
    ) internal returns (uint256 left) {
        left = reduce(holdId, holder, amount);
        Encumbrance memory stands = wordOf(holder, tokenId);
        uint256 prohibited = prohibitedOf(holder, tokenId, stands.frozen);
        stands.held = HoldMath.deliver(balance, stands.held, prohibited, amount);
        store(holder, tokenId, stands);
    }

    /// @notice What an authority froze of an account's units, also in wallets whose holding came to it.
    /// @param frozen By all authorities, as `wordOf` says.
    function ownFreezeOf(
        address account,
        uint256 tokenId,
        bytes32 firm,
        uint256 frozen
    ) internal view returns (OwnFreeze memory own) {
        AuthorityFreeze storage entry = HoldStorage.layout().freezeOf[account][tokenId][firm];
        own = OwnFreeze(entry.attached, entry.prohibited);
        // Where the sum is all its own, no earlier wallet has any of it.
        if (own.attached + own.prohibited != frozen) addEarlier(own, account, tokenId, firm);
    }

    /// @notice Overwrites what an authority froze of one class.
    /// @param account As `currentOf` says.
    /// @return frozen By all authorities, of both classes.
    function freeze(
        address account,
        uint256 tokenId,
        bytes32 firm,
        FreezeClass freezeClass,
        uint256 amount
    ) internal returns (uint256 frozen) {
        Encumbrance memory stands = wordOf(account, tokenId);
        OwnFreeze memory own = ownFreezeOf(account, tokenId, firm, stands.frozen);
        OwnFreeze memory then_ = OwnFreeze(own.attached, own.prohibited);
        if (freezeClass == FreezeClass.Attachment) then_.attached = amount;
        else then_.prohibited = amount;
        return setFreeze(account, tokenId, firm, stands, own, then_);
    }

    /// @notice Overwrites all that an authority froze. Of what it had prohibited, as much stays prohibited as
    /// the amount has room for; the rest is attached.
    /// @return frozen By all authorities, of both classes.
    function freezeAll(
        address account,
        uint256 tokenId,
        bytes32 firm,
        uint256 amount
    ) internal returns (uint256 frozen) {
        Encumbrance memory stands = wordOf(account, tokenId);
        OwnFreeze memory own = ownFreezeOf(account, tokenId, firm, stands.frozen);
        uint256 prohibited = own.prohibited < amount ? own.prohibited : amount;
        return setFreeze(account, tokenId, firm, stands, own, OwnFreeze(amount - prohibited, prohibited));
    }

    /// @notice An authority takes units: they leave without their owner. The caller moves the balance. Its
    /// own freeze goes down by what was not free otherwise, attachments first.
    /// @return frozen By all authorities, afterwards.
    /// @return lowered By how much the freeze went down.
    function take(
        address account,
        uint256 tokenId,
        bytes32 firm,
        uint256 amount,
        uint256 balance
    ) internal returns (uint256 frozen, uint256 lowered) {
        Encumbrance memory stands = wordOf(account, tokenId);
        if (stands.frozen == 0) {
            HoldMath.take(balance, stands.held, 0, 0, amount);
            return (0, 0);
        }
        OwnFreeze memory own = ownFreezeOf(account, tokenId, firm, stands.frozen);
        lowered = HoldMath.take(balance, stands.held, stands.frozen, own.attached + own.prohibited, amount);
        if (lowered == 0) return (stands.frozen, 0);
        uint256 ofAttached = lowered < own.attached ? lowered : own.attached;
        OwnFreeze memory left = OwnFreeze(own.attached - ofAttached, own.prohibited - (lowered - ofAttached));
        frozen = setFreeze(account, tokenId, firm, stands, own, left);
    }

    /// @notice Lets all holds and freezes of one id follow a lost wallet's balance, however many there are:
    /// whoever acts on one finds its way from there.
    /// @return frozen On the replacement, afterwards.
    function move(address lost, address replacement, uint256 tokenId) internal returns (uint256 frozen) {
        HoldStorage.Layout storage $ = HoldStorage.layout();
        if ($.movedTo[lost][tokenId] == address(0)) {
            $.movedTo[lost][tokenId] = replacement;
            $.cameBefore[lost][tokenId] = $.lastCameFrom[replacement][tokenId];
            $.lastCameFrom[replacement][tokenId] = lost;
        }
        Encumbrance memory moved = wordOf(lost, tokenId);
        Encumbrance memory stands = wordOf(replacement, tokenId);
        if (moved.frozen != 0) {
            $.prohibitedOf[replacement][tokenId] += $.prohibitedOf[lost][tokenId];
            delete $.prohibitedOf[lost][tokenId];
        }
        (stands.held, stands.frozen) = (stands.held + moved.held, stands.frozen + moved.frozen);
        delete $.wordOf[lost][tokenId];
        store(replacement, tokenId, stands);
        return stands.frozen;
    }

    function storeNew(bytes32 holdId, Hold memory hold) private {
        Hold storage stored = HoldStorage.layout().holdOf[holdId];
        require(stored.holder == address(0), HoldKnown(holdId));
        (stored.holder, stored.amount) = (hold.holder, hold.amount);
        // A lien has neither.
        if (hold.kind == HoldKind.Lock) {
            (stored.kind, stored.expiry) = (hold.kind, hold.expiry);
            if (hold.origin != 0) stored.origin = hold.origin;
        }
    }

    /// @dev The holder stays, so that an id once used is never free again.
    function reduce(bytes32 holdId, address holder, uint256 amount) private returns (uint256 left) {
        Hold storage hold = HoldStorage.layout().holdOf[holdId];
        uint256 before = hold.amount;
        require(before > 0, HoldUnknown(holdId));
        require(amount > 0 && amount <= before, HoldExceeded(holdId, amount, before));
        left = before - amount;
        (hold.holder, hold.amount) = (holder, uint96(left));
    }

    function setFreeze(
        address account,
        uint256 tokenId,
        bytes32 firm,
        Encumbrance memory stands,
        OwnFreeze memory before,
        OwnFreeze memory own
    ) private returns (uint256 frozen) {
        require(own.attached <= MAX_FREEZE, FreezeTooLarge(own.attached));
        require(own.prohibited <= MAX_FREEZE, FreezeTooLarge(own.prohibited));
        HoldStorage.Layout storage $ = HoldStorage.layout();
        AuthorityFreeze storage entry = $.freezeOf[account][tokenId][firm];
        // What it froze in earlier wallets is of one sum with this from now on.
        if (entry.attached != before.attached || entry.prohibited != before.prohibited)
            forgetEarlier(account, tokenId, firm);
        (entry.attached, entry.prohibited) = (uint128(own.attached), uint128(own.prohibited));
        stands.frozen = stands.frozen - before.attached - before.prohibited + own.attached + own.prohibited;
        store(account, tokenId, stands);
        if (own.prohibited != before.prohibited) {
            uint256 others = $.prohibitedOf[account][tokenId] - before.prohibited;
            $.prohibitedOf[account][tokenId] = others + own.prohibited;
        }
        return stands.frozen;
    }

    function store(address account, uint256 tokenId, Encumbrance memory stands) private {
        uint256 word =
            (uint256(SafeCast.toUint96(stands.held)) << HELD_AT) | SafeCast.toUint160(stands.frozen);
        HoldStorage.layout().wordOf[account][tokenId] = word;
    }

    /// @dev As deep as wallets were lost one after another.
    function addEarlier(OwnFreeze memory sum, address account, uint256 tokenId, bytes32 firm) private view {
        HoldStorage.Layout storage $ = HoldStorage.layout();
        address earlier = $.lastCameFrom[account][tokenId];
        for (; earlier != address(0); earlier = $.cameBefore[earlier][tokenId]) {
            AuthorityFreeze storage entry = $.freezeOf[earlier][tokenId][firm];
            sum.attached += entry.attached;
            sum.prohibited += entry.prohibited;
            addEarlier(sum, earlier, tokenId, firm);
        }
    }

    function forgetEarlier(address account, uint256 tokenId, bytes32 firm) private {
        HoldStorage.Layout storage $ = HoldStorage.layout();
        address earlier = $.lastCameFrom[account][tokenId];
        for (; earlier != address(0); earlier = $.cameBefore[earlier][tokenId]) {
            delete $.freezeOf[earlier][tokenId][firm];
            forgetEarlier(earlier, tokenId, firm);
        }
    }
}
