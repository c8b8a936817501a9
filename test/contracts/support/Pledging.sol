// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICarbonCredit} from "../../../contracts/interfaces/ICarbonCredit.sol";
import {LienConsent, LienTerms, TransferRefusal} from "../../../contracts/types/Lien.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {FreezeClass} from "../../../contracts/types/Hold.sol";
import {ParticipantStatus} from "../../../contracts/types/Participant.sol";
import {RetirementAmount} from "../../../contracts/types/Retirement.sol";
import {HoldingBooks} from "./HoldingBooks.sol";
import {bound, vm} from "./Vm.sol";

/// @title Holders, a bank, its agent and a regulator at random work on one token. What is allowed must work,
/// what is not must fail.
contract Pledging is HoldingBooks {
    struct Order {
        address from;
        address to;
        uint256 batchId;
        uint256 amount;
        LienTerms[] named;
    }

    /// How often each did what it is for, so that a run that did nothing is noticed.
    uint256 public transfers;
    uint256 public pledges;
    uint256 public enforcements;
    uint256 public forced;
    uint256 public recoveries;

    function transfer(uint256 from, uint256 to, uint256 which, uint256 amount, bool approved) external {
        (address sender, address receiver, uint256 batchId) = (wallet(from), wallet(to), idOf(which));
        amount = near(amount, freeOf(sender, batchId), credit.balanceOf(sender, batchId));
        bool allowed = credit.transferRefusal(sender, receiver, batchId, amount) == TransferRefusal.None;
        assert(allowed == mayMove(sender, receiver, batchId, amount));
        // ERC-7943: what canTransfer refuses never goes through; what it allows fails for want of balance
        // only.
        bool can = credit.canTransfer(sender, receiver, batchId, amount);
        bool isThere = amount <= balance[sender][batchId];
        assert(can == (allowed || (mayMove(sender, receiver, batchId, 0) && !isThere)));
        if (approved) approve(sender);
        vm.prank(approved ? FRIEND : sender);
        try credit.safeTransferFrom(sender, receiver, batchId, amount, "") {
            assert(allowed);
            book(sender, receiver, batchId, amount);
            ++transfers;
        } catch {
            assert(!allowed);
        }
    }

    /// Up to four entries of both ids, so that ids come twice.
    function transferMany(uint256 from, uint256 to, uint8 order, uint256[4] calldata shares) external {
        (address sender, address receiver) = (wallet(from), wallet(to));
        uint256[] memory ids = new uint256[](4);
        uint256[] memory amounts = new uint256[](4);
        uint256[2] memory sums;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 which = (order >> i) & 1;
            ids[i] = idOf(which);
            amounts[i] = bound(shares[i], 0, freeOf(sender, ids[i]) / 2 + 1);
            // To oneself nothing leaves: where nothing is encumbered, each entry alone has to be there.
            bool alone = sender == receiver && encumberedOf(sender, ids[i]) == 0;
            if (!alone) sums[which] += amounts[i];
            else if (amounts[i] > sums[which]) sums[which] = amounts[i];
        }
        bool allowed = maySend(sender, receiver, order, sums);
        vm.prank(sender);
        try credit.safeBatchTransferFrom(sender, receiver, ids, amounts, "") {
            assert(allowed);
            for (uint256 i = 0; i < 4; ++i) book(sender, receiver, ids[i], amounts[i]);
        } catch {
            assert(!allowed);
        }
    }

    function retire(uint256 who, uint256 which, uint256 amount, bool byIssuer) external {
        (address holder, uint256 batchId) = (wallet(who), idOf(which));
        amount = (near(amount, freeOf(holder, batchId), credit.balanceOf(holder, batchId)) / 1e9) * 1e9;
        bool allowed = participants.isActive(holder) && amount <= freeOf(holder, batchId);
        RetirementAmount[] memory amounts = new RetirementAmount[](1);
        amounts[0] = RetirementAmount(batchId, Milligrams.wrap(uint64(amount / 1e9)));
        bytes memory call =
            byIssuer
                ? abi.encodeCall(credit.burnByIssuer, (holder, batchId, amount))
                : abi.encodeCall(credit.burnForRetirement, (holder, amounts));
        if (!byIssuer) vm.prank(address(retirements));
        assert(done(call) == allowed);
        if (allowed) book(holder, address(0), batchId, amount);
    }

    function freeze(uint256 who, uint256 which, uint256 amount, bool huge) external {
        (address account, uint256 batchId) = (wallet(who), idOf(which));
        amount = bound(amount, 0, huge ? type(uint120).max : 2 * credit.balanceOf(account, batchId));
        vm.prank(REGULATOR);
        credit.setFrozenTokens(account, batchId, amount);
        bookFreeze(whereNow(account, batchId), batchId, amount);
    }

    /// All that is prohibited; the attachment stays.
    function prohibit(uint256 who, uint256 which, uint256 amount) external {
        (address account, uint256 batchId) = (wallet(who), idOf(which));
        amount = bound(amount, 0, 2 * credit.balanceOf(account, batchId));
        vm.prank(REGULATOR);
        credit.freezeByOrder("order", FreezeClass.Prohibition, account, batchId, amount);
        account = whereNow(account, batchId);
        frozen[account][batchId] = frozen[account][batchId] - prohibited[account][batchId] + amount;
        prohibited[account][batchId] = amount;
    }

    /// Agents place none without the holder's signature.
    function place(uint256 who, uint256 which, uint256 amount, uint16 number, bool byAgent) external {
        LienTerms memory terms = LienTerms(
            wallet(who),
            idOf(which),
            BANK,
            AGENT,
            bytes32(uint256(number % 40))
        );
        amount = near(
            amount,
            freeOf(terms.holder, terms.tokenId),
            credit.balanceOf(terms.holder, terms.tokenId)
        );
        bytes32 id = credit.lienIdOf(terms);
        bool allowed = !used[id] && participants.isActive(terms.holder) && amount > 0 && !byAgent;
        allowed = allowed && !credit.isSuspended(terms.tokenId);
        allowed = allowed && amount <= freeOf(terms.holder, terms.tokenId);
        LienConsent memory consent = LienConsent(terms, amount, uint64(block.timestamp));
        bytes memory ofBank = signature(BANK_KEY, credit.hashLienConsent(consent));
        vm.prank(byAgent ? AGENT : terms.holder);
        assert(done(abi.encodeCall(credit.placeLien, (consent, amount, "", ofBank))) == allowed);
        if (!allowed) return;
        remember(id, terms, amount);
        ++pledges;
    }

    function increase(uint256 which, uint256 amount) external {
        if (lienCount() == 0) return;
        (bytes32 id, LienTerms memory terms, address holder, uint256 left) = lienAt(which);
        amount = near(amount, freeOf(holder, terms.tokenId), credit.balanceOf(holder, terms.tokenId));
        bool allowed =
            left > 0 &&
                !credit.isSuspended(terms.tokenId) &&
                participants.isActive(holder) &&
                amount > 0 &&
                amount <= freeOf(holder, terms.tokenId);
        vm.prank(holder);
        assert(done(abi.encodeCall(credit.increaseLien, (terms, amount))) == allowed);
        if (allowed) pledged[id] += amount;
    }

    function release(uint256 which, uint256 amount, uint256 who) external {
        if (lienCount() == 0) return;
        (bytes32 id, LienTerms memory terms, address holder, uint256 left) = lienAt(which);
        amount = bound(amount, 0, left + left / 4 + 1);
        address caller = who % 4 == 0 ? holder : (who % 2 == 0 ? BANK : AGENT);
        bool allowed = caller != holder && amount > 0 && amount <= left;
        vm.prank(caller);
        assert(done(abi.encodeCall(credit.releaseLien, (terms, amount))) == allowed);
        if (allowed) pledged[id] -= amount;
    }

    function enforce(uint256 which, uint256 amount) external {
        if (lienCount() == 0) return;
        (bytes32 id, LienTerms memory terms, address holder, uint256 left) = lienAt(which);
        amount = bound(amount, 0, left + left / 4 + 1);
        bool allowed = amount > 0 && amount <= left && amount <= enforceableOf(holder, terms.tokenId);
        allowed = allowed && !credit.isSuspended(terms.tokenId) && participants.isActive(LIQUIDATOR);
        vm.prank(AGENT);
        assert(done(abi.encodeCall(credit.enforceLien, (terms, LIQUIDATOR, amount))) == allowed);
        if (!allowed) return;
        pledged[id] -= amount;
        book(holder, LIQUIDATOR, terms.tokenId, amount);
        ++enforcements;
    }

    function force(uint256 from, uint256 to, uint256 which, uint256 amount) external {
        Order memory order = Order(wallet(from), wallet(to), idOf(which), 0, new LienTerms[](0));
        order.amount = near(
            amount,
            unpledgedOf(order.from, order.batchId),
            credit.balanceOf(order.from, order.batchId)
        );
        // To oneself nothing moves, so liens don't stand in the way and the freeze stays.
        uint256 room =
            order.from == order.to
                ? credit.balanceOf(order.from, order.batchId)
                : unpledgedOf(order.from, order.batchId);
        bool allowed = participants.isActive(order.to) && order.amount <= room;
        vm.prank(REGULATOR);
        bytes memory call = abi.encodeCall(
            credit.forcedTransfer,
            (order.from, order.to, order.batchId, order.amount)
        );
        assert(done(call) == allowed);
        if (allowed && order.from != order.to) carryOut(order);
    }

    function forceReleasing(uint256 from, uint256 to, uint256 which, uint256 amount, uint256 lien) external {
        Order memory order = orderAgainst(wallet(from), wallet(to), idOf(which), amount, lien);
        bool allowed =
            participants.isActive(order.to) && order.amount <= roomOf(order) && order.from != order.to;
        vm.prank(REGULATOR);
        bytes memory call = abi.encodeCall(
            credit.forcedTransferReleasing,
            (order.from, order.to, order.batchId, order.amount, order.named)
        );
        assert(done(call) == allowed);
        if (allowed) carryOut(order);
    }

    function retireByOrder(uint256 from, uint256 which, uint256 amount, uint256 lien) external {
        Order memory order = orderAgainst(wallet(from), address(0), idOf(which), amount, lien);
        order.amount = (order.amount / 1e9) * 1e9;
        bool allowed = order.amount <= roomOf(order);
        vm.prank(address(retirements));
        assert(
            done(
                abi.encodeCall(
                    credit.burnByOrder,
                    (REGULATOR, order.from, order.batchId, order.amount, order.named)
                )
            ) == allowed
        );
        if (allowed) carryOut(order);
    }

    function recoverWallet(uint256 who) external {
        address lost = wallet(who);
        if (participants.participantOf(lost).status == ParticipantStatus.Recovered || walletCount() >= 12)
            return;
        address replacement = newWallet();
        replaceBySignature(lost, replacement);
        ++recoveries;
    }

    /// Anybody calls.
    function recover(uint256 who, uint256 which) external {
        (address lost, uint256 batchId) = (wallet(who), idOf(which));
        address replacement = participants.replacementOf(lost);
        bool allowed = replacement != address(0);
        vm.prank(FRIEND);
        assert(done(abi.encodeCall(credit.recover, (lost, batchId))) == allowed);
        if (allowed) bookRecovery(lost, replacement, batchId);
    }

    function setStatus(uint256 who, bool suspend) external {
        address account = wallet(who);
        if (participants.participantOf(account).status == ParticipantStatus.Recovered) return;
        vm.prank(REGULATOR);
        // Mostly active, or soon nothing would move any more.
        participants.setStatus(account, suspend && who % 4 == 0 ? 2 : 1);
    }

    function stop(uint256 which, bool suspend, bool pause) external {
        credit.setSuspended(idOf(which), suspend && which % 3 == 0);
        credit.setPaused(pause && which % 5 == 0);
    }

    /// @dev An order that names one lien of the holder, or none.
    function orderAgainst(
        address from,
        address to,
        uint256 batchId,
        uint256 amount,
        uint256 lien
    ) private view returns (Order memory order) {
        LienTerms[] memory all = liensOf(from, batchId);
        LienTerms[] memory named = new LienTerms[](all.length > 0 && lien % 2 == 1 ? 1 : 0);
        if (named.length > 0) named[0] = all[(lien / 2) % all.length];
        order = Order(from, to, batchId, 0, named);
        order.amount = near(amount, roomOf(order), credit.balanceOf(from, batchId));
    }

    function roomOf(Order memory order) private view returns (uint256 room) {
        room = unpledgedOf(order.from, order.batchId);
        if (order.named.length > 0) room += pledged[credit.lienIdOf(order.named[0])];
    }

    function carryOut(Order memory order) private {
        if (order.named.length > 0) pledged[credit.lienIdOf(order.named[0])] = 0;
        bookForced(order.from, order.to, order.batchId, order.amount);
        ++forced;
    }
}
