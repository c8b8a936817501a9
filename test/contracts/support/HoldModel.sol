// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {OwnFreeze} from "../../../contracts/holds/HoldLedger.sol";
import {FreezeClass, Hold, HoldKind} from "../../../contracts/types/Hold.sol";
import {HoldLedgerCaller} from "./HoldLedgerCaller.sol";
import {bound} from "./Vm.sol";

/// @title Liens, locks, freezes, takings and recoveries at random, beside a model that keeps lists of all of
/// them and knows no word, no path and no sum. What the model allows must work, what it doesn't must fail.
contract HoldModel {
    struct Entry {
        address holder;
        uint256 id;
        uint256 amount;
        bool isLock;
        /// Place of its lien in the list, plus 1.
        uint256 origin;
    }

    uint256 public constant IDS = 2;
    uint256 public constant FIRMS = 3;
    uint256 private constant MAX_WALLETS = 9;
    uint256 private constant HELD = 1_000;

    HoldLedgerCaller public immutable ledger = new HoldLedgerCaller();
    address[] public wallets;
    Entry[] public entries;
    mapping(address account => mapping(uint256 id => uint256)) public balance;
    /// By account, id, firm and class.
    mapping(address => mapping(uint256 => mapping(uint256 => uint256[2]))) public frozenBy;
    mapping(address lost => address) public replacement;
    mapping(address lost => mapping(uint256 id => address)) private went;
    mapping(bytes32 action => uint256) public done;
    uint256 public calls;
    uint256 public succeeded;

    constructor() {
        for (uint256 i = 0; i < 4; ++i) {
            address account = newWallet();
            for (uint256 id = 0; id < IDS; ++id) {
                ledger.mint(account, id, HELD);
                balance[account][id] = HELD;
            }
        }
    }

    function transfer(uint256 from, uint256 to, uint256 id, uint256 amount) external {
        (address a, address b) = (active(from), active(to));
        id %= IDS;
        amount = near(amount, freeOf(a, id), balance[a][id]);
        bytes memory call = abi.encodeCall(ledger.transfer, (a, b, id, amount));
        if (act("transfer", call, amount <= freeOf(a, id))) move(a, b, id, amount);
    }

    function place(uint256 who, uint256 id, uint256 amount, bool isLock, bool isTaken) external {
        address account = active(who);
        id %= IDS;
        amount = near(amount, freeOf(account, id), balance[account][id]);
        bool reuses = isTaken && entries.length > 0 && amount % 4 == 0;
        bytes32 holdId = bytes32(reuses ? 1 + (amount % entries.length) : entries.length + 1);
        Hold memory hold = Hold(
            account,
            uint96(amount),
            isLock ? HoldKind.Lock : HoldKind.Lien,
            isLock ? 1 : 0,
            0
        );
        bytes memory call = abi.encodeCall(ledger.place, (holdId, id, hold));
        if (act("place", call, !reuses && amount <= freeOf(account, id)))
            entries.push(Entry(account, id, amount, isLock, 0));
    }

    function increase(uint256 which, uint256 amount) external {
        if (entries.length == 0) return;
        Entry storage entry = entries[which % entries.length];
        if (entry.isLock) return;
        uint256 free = freeOf(entry.holder, entry.id);
        amount = near(amount, free, balance[entry.holder][entry.id]);
        bytes memory call = abi.encodeCall(
            ledger.increase,
            (bytes32((which % entries.length) + 1), entry.id, amount)
        );
        if (act("increase", call, entry.amount > 0 && amount <= free)) entry.amount += amount;
    }

    function lockFrom(uint256 which, uint256 amount) external {
        if (entries.length == 0) return;
        which %= entries.length;
        Entry storage lien = entries[which];
        if (lien.isLock) return;
        amount = near(amount, lien.amount, lien.amount);
        bytes memory call = abi.encodeCall(
            ledger.lockFrom,
            (bytes32(which + 1), bytes32(entries.length + 1), lien.id, uint96(amount))
        );
        if (!act("lockFrom", call, amount > 0 && amount <= lien.amount)) return;
        lien.amount -= amount;
        entries.push(Entry(lien.holder, lien.id, amount, true, which + 1));
    }

    function release(uint256 which, uint256 amount) external {
        if (entries.length == 0) return;
        which %= entries.length;
        Entry storage entry = entries[which];
        // A lock is ended, as a whole.
        if (entry.isLock) return;
        amount = near(amount, entry.amount / 2, entry.amount);
        bytes memory call = abi.encodeCall(ledger.release, (bytes32(which + 1), entry.id, amount));
        if (act("release", call, amount > 0 && amount <= entry.amount)) entry.amount -= amount;
    }

    function end(uint256 which) external {
        if (entries.length == 0) return;
        which %= entries.length;
        Entry storage lock = entries[which];
        if (!lock.isLock) return;
        bytes memory call = abi.encodeCall(ledger.end, (bytes32(which + 1), lock.id));
        if (!act("end", call, lock.amount > 0)) return;
        if (lock.origin > 0) entries[lock.origin - 1].amount += lock.amount;
        lock.amount = 0;
    }

    function deliver(uint256 which, uint256 to, uint256 amount) external {
        if (entries.length == 0) return;
        which %= entries.length;
        Entry storage entry = entries[which];
        address receiver = active(to);
        uint256 prohibited = sumFrozen(entry.holder, entry.id, 1);
        uint256 held = balance[entry.holder][entry.id];
        uint256 enforceable = held > prohibited ? held - prohibited : 0;
        amount = near(amount, min(enforceable, entry.amount), entry.amount);
        bool allowed = amount > 0 && amount <= entry.amount && amount <= enforceable;
        bytes memory call = abi.encodeCall(ledger.deliver, (bytes32(which + 1), receiver, entry.id, amount));
        if (!act("deliver", call, allowed)) return;
        entry.amount -= amount;
        move(entry.holder, receiver, entry.id, amount);
    }

    function freeze(uint256 who, uint256 id, uint256 firm, bool isProhibition, uint256 amount) external {
        (address account, bytes32 by) = (wallet(who), firmAt(firm));
        id %= IDS;
        amount = near(amount, 2 * HELD, type(uint120).max);
        FreezeClass class = isProhibition ? FreezeClass.Prohibition : FreezeClass.Attachment;
        bytes memory call = abi.encodeCall(ledger.freeze, (account, id, by, class, amount));
        if (!act(isProhibition ? bytes32("prohibit") : bytes32("attach"), call, amount <= type(uint120).max))
            return;
        frozenBy[whereNow(account, id)][id][firm % FIRMS][isProhibition ? 1 : 0] = amount;
    }

    function freezeAll(uint256 who, uint256 id, uint256 firm, uint256 amount) external {
        address account = wallet(who);
        id %= IDS;
        amount = bound(amount, 0, 3 * HELD);
        bytes memory call = abi.encodeCall(ledger.freezeAll, (account, id, firmAt(firm), amount));
        if (!act("freezeAll", call, true)) return;
        uint256[2] storage own = frozenBy[whereNow(account, id)][id][firm % FIRMS];
        if (own[1] > amount) own[1] = amount;
        own[0] = amount - own[1];
    }

    function take(uint256 from, uint256 to, uint256 id, uint256 firm, uint256 amount) external {
        (address a, address b) = (wallet(from), active(to));
        id %= IDS;
        uint256[2] storage own = frozenBy[a][id][firm % FIRMS];
        uint256 others = frozenOf(a, id) - own[0] - own[1];
        uint256 unheld = balance[a][id] - heldOf(a, id);
        uint256 limit = unheld > others ? unheld - others : 0;
        amount = near(amount, limit, balance[a][id]);
        uint256 free = freeOf(a, id);
        bytes memory call = abi.encodeCall(ledger.take, (a, b, id, firmAt(firm), amount));
        if (!act("take", call, amount <= limit)) return;
        if (amount > free) {
            uint256 ofAttached = min(amount - free, own[0]);
            own[0] -= ofAttached;
            own[1] -= amount - free - ofAttached;
        }
        move(a, b, id, amount);
    }

    /// A wallet is lost; its holdings follow later, id by id.
    function lose(uint256 who) external {
        if (wallets.length >= MAX_WALLETS || who % 4 != 0) return;
        address lost = active(who / 4);
        replacement[lost] = newWallet();
    }

    function recover(uint256 who, uint256 id) external {
        address lost = wallet(who);
        id %= IDS;
        if (replacement[lost] == address(0)) return;
        address to = lastOf(lost);
        assert(act("recover", abi.encodeCall(ledger.recover, (lost, to, id)), true));
        if (went[lost][id] == address(0)) went[lost][id] = to;
        for (uint256 i = 0; i < entries.length; ++i)
            if (entries[i].holder == lost && entries[i].id == id) entries[i].holder = to;
        for (uint256 k = 0; k < FIRMS; ++k) {
            uint256[2] storage gone = frozenBy[lost][id][k];
            uint256[2] storage came = frozenBy[to][id][k];
            (came[0], came[1]) = (came[0] + gone[0], came[1] + gone[1]);
            (gone[0], gone[1]) = (0, 0);
        }
        move(lost, to, id, balance[lost][id]);
    }

    /// @notice Whether the ledger says what the lists add up to, of every wallet, hold and authority.
    function isAsModelled() external view returns (bool) {
        for (uint256 i = 0; i < entries.length; ++i) {
            Entry memory entry = entries[i];
            if (ledger.holdOf(bytes32(i + 1)).amount != entry.amount) return false;
            if (entry.amount > 0 && ledger.holderOf(bytes32(i + 1), entry.id) != entry.holder) return false;
        }
        for (uint256 i = 0; i < wallets.length; ++i)
            for (uint256 id = 0; id < IDS; ++id) if (!agrees(wallets[i], id)) return false;
        return true;
    }

    function walletCount() external view returns (uint256) {
        return wallets.length;
    }

    /// @notice Σ live liens and locks.
    function heldOf(address account, uint256 id) public view returns (uint256 sum) {
        for (uint256 i = 0; i < entries.length; ++i)
            if (entries[i].holder == account && entries[i].id == id) sum += entries[i].amount;
    }

    function frozenOf(address account, uint256 id) public view returns (uint256) {
        return sumFrozen(account, id, 0) + sumFrozen(account, id, 1);
    }

    function freeOf(address account, uint256 id) public view returns (uint256) {
        uint256 sum = frozenOf(account, id) + heldOf(account, id);
        return balance[account][id] > sum ? balance[account][id] - sum : 0;
    }

    function agrees(address account, uint256 id) private view returns (bool) {
        (uint256 held, uint256 frozen) = ledger.wordOf(account, id);
        if (held != heldOf(account, id) || frozen != frozenOf(account, id)) return false;
        if (ledger.balanceOf(account, id) != balance[account][id]) return false;
        if (ledger.prohibitedOf(account, id) != sumFrozen(account, id, 1)) return false;
        if (ledger.freeOf(account, id) != freeOf(account, id)) return false;
        for (uint256 k = 0; k < FIRMS; ++k) {
            // What an authority froze in a lost wallet is its freeze where the holding lies.
            OwnFreeze memory own = ledger.ownFreezeOf(account, id, firmAt(k));
            uint256[2] memory expected = frozenBy[account][id][k];
            bool isThere = went[account][id] == address(0);
            if (isThere && (own.attached != expected[0] || own.prohibited != expected[1])) return false;
        }
        return true;
    }

    function act(bytes32 action, bytes memory call, bool allowed) private returns (bool) {
        (bool success, ) = address(ledger).call(call);
        assert(success == allowed);
        ++calls;
        if (!success) return false;
        ++succeeded;
        ++done[action];
        return true;
    }

    function move(address from, address to, uint256 id, uint256 amount) private {
        balance[from][id] -= amount;
        balance[to][id] += amount;
    }

    function sumFrozen(address account, uint256 id, uint256 class) private view returns (uint256 sum) {
        for (uint256 k = 0; k < FIRMS; ++k) sum += frozenBy[account][id][k][class];
    }

    function newWallet() private returns (address account) {
        account = address(uint160(0x1000 + wallets.length));
        wallets.push(account);
    }

    function wallet(uint256 who) private view returns (address) {
        return wallets[who % wallets.length];
    }

    /// @dev A wallet that was not lost.
    function active(uint256 who) private view returns (address) {
        return lastOf(wallet(who));
    }

    function lastOf(address account) private view returns (address) {
        while (replacement[account] != address(0)) account = replacement[account];
        return account;
    }

    function whereNow(address account, uint256 id) private view returns (address) {
        while (went[account][id] != address(0)) account = went[account][id];
        return account;
    }

    function firmAt(uint256 firm) private pure returns (bytes32) {
        return bytes32((firm % FIRMS) + 1);
    }

    function min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev Amounts about the edges that count.
    function near(uint256 amount, uint256 edge, uint256 most) private pure returns (uint256) {
        uint256 way = amount % 4;
        if (way == 0) return edge;
        if (way == 1) return edge + 1;
        return bound(amount / 4, 0, way == 2 ? edge : most + 1);
    }
}
