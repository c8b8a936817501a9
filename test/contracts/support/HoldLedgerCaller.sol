// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Encumbrance, HoldLedger, OwnFreeze} from "../../../contracts/holds/HoldLedger.sol";
import {HoldMath} from "../../../contracts/holds/HoldMath.sol";
import {HoldStorage} from "../../../contracts/holds/HoldStorage.sol";
import {FreezeClass, Hold, HoldKind} from "../../../contracts/types/Hold.sol";

/// @title The ledger of holds with the plainest balances there are, and nobody who asks who may.
contract HoldLedgerCaller {
    mapping(address account => mapping(uint256 id => uint256)) public balanceOf;

    function mint(address to, uint256 id, uint256 amount) external {
        balanceOf[to][id] += amount;
    }

    function transfer(address from, address to, uint256 id, uint256 amount) external {
        uint256 free = HoldLedger.freeOf(from, id, balanceOf[from][id]);
        require(amount <= free, HoldMath.AmountAboveLimit(amount, free));
        move(from, to, id, amount);
    }

    function place(bytes32 holdId, uint256 id, Hold calldata hold) external {
        HoldLedger.place(holdId, id, hold, balanceOf[hold.holder][id]);
    }

    function increase(bytes32 holdId, uint256 id, uint256 amount) external {
        address holder = holderOf(holdId, id);
        HoldLedger.increase(holdId, id, holder, amount, balanceOf[holder][id]);
    }

    function lockFrom(bytes32 lienId, bytes32 lockId, uint256 id, uint96 amount) external {
        Hold memory lock = Hold(holderOf(lienId, id), amount, HoldKind.Lock, 1, lienId);
        HoldLedger.placeFromOrigin(lockId, lock);
    }

    function release(
        bytes32 holdId,
        uint256 id,
        uint256 amount
    ) external returns (address holder, uint256 left) {
        return HoldLedger.release(holdId, id, amount);
    }

    function end(bytes32 lockId, uint256 id) external returns (address holder, uint256 amount) {
        return HoldLedger.end(lockId, id);
    }

    function deliver(bytes32 holdId, address to, uint256 id, uint256 amount) external returns (uint256 left) {
        address holder = holderOf(holdId, id);
        left = HoldLedger.deliver(holdId, id, holder, amount, balanceOf[holder][id]);
        move(holder, to, id, amount);
    }

    function freeze(address account, uint256 id, bytes32 firm, FreezeClass class, uint256 amount) external {
        HoldLedger.freeze(HoldLedger.currentOf(account, id), id, firm, class, amount);
    }

    function freezeAll(address account, uint256 id, bytes32 firm, uint256 amount) external {
        HoldLedger.freezeAll(HoldLedger.currentOf(account, id), id, firm, amount);
    }

    function take(address from, address to, uint256 id, bytes32 firm, uint256 amount) external {
        HoldLedger.take(from, id, firm, amount, balanceOf[from][id]);
        move(from, to, id, amount);
    }

    function recover(address lost, address replacement, uint256 id) external {
        HoldLedger.move(lost, replacement, id);
        move(lost, replacement, id, balanceOf[lost][id]);
    }

    function holdOf(bytes32 holdId) external view returns (Hold memory) {
        return HoldStorage.layout().holdOf[holdId];
    }

    function wordOf(address account, uint256 id) external view returns (uint256 held, uint256 frozen) {
        Encumbrance memory stands = HoldLedger.wordOf(account, id);
        return (stands.held, stands.frozen);
    }

    function freeOf(address account, uint256 id) external view returns (uint256) {
        return HoldLedger.freeOf(account, id, balanceOf[account][id]);
    }

    function enforceableOf(address account, uint256 id) external view returns (uint256) {
        return HoldMath.enforceableOf(balanceOf[account][id], prohibitedOf(account, id));
    }

    function ownFreezeOf(address account, uint256 id, bytes32 firm) external view returns (OwnFreeze memory) {
        return HoldLedger.ownFreezeOf(account, id, firm, HoldLedger.wordOf(account, id).frozen);
    }

    function prohibitedOf(address account, uint256 id) public view returns (uint256) {
        return HoldLedger.prohibitedOf(account, id, HoldLedger.wordOf(account, id).frozen);
    }

    function holderOf(bytes32 holdId, uint256 id) public view returns (address) {
        return HoldLedger.holderOf(HoldStorage.layout().holdOf[holdId], id);
    }

    function move(address from, address to, uint256 id, uint256 amount) private {
        balanceOf[from][id] -= amount;
        balanceOf[to][id] += amount;
    }
}
