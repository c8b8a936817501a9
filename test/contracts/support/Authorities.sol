// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AuthorityOrders} from "../../../contracts/authorities/AuthorityOrders.sol";
import {IAuthorityOrders} from "../../../contracts/interfaces/IAuthorityOrders.sol";
import {ParticipantRegistry} from "../../../contracts/participants/ParticipantRegistry.sol";
import {Admission, ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {bound, vm} from "./Vm.sol";

/// @title Two authorities of three wallets each that announce, withdraw and carry out a few acts on two
/// contracts, with books of their own on what each may.
contract Authorities {
    uint256 public constant WALLETS = 6;
    uint32 private constant ORDER_SECONDS = 1 hours;
    uint32 private constant LAPSE_SECONDS = 6 hours;
    address private constant GUARD = address(0x9A6D);

    /// @dev Of one act of one authority; `by` is 0 where nothing is announced.
    struct Book {
        address by;
        uint256 at;
        bytes32 orderHash;
    }

    AuthorityOrders public immutable orders;
    ParticipantRegistry private immutable participants;
    mapping(bytes32 act => Book) private books;
    mapping(address wallet => bool) private suspended;
    mapping(bytes32 action => uint256) public done;
    uint256 public succeeded;
    uint256 public calls;
    uint256 public announced;
    uint256 public carriedOut;
    uint256 public withdrawn;

    constructor() {
        address manager = address(new AccessManager(address(this)));
        participants = new ParticipantRegistry(manager, 1, 0);
        orders = new AuthorityOrders(manager, participants, ORDER_SECONDS, LAPSE_SECONDS);
        for (uint256 i = 0; i < WALLETS; ++i) appoint(wallet(i), firm(i));
        appoint(GUARD, "guard");
    }

    function wallet(uint256 i) public pure returns (address) {
        return address(uint160(0x8000 + (i % WALLETS)));
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 2 hours));
    }

    function setActive(uint256 who, bool active) external {
        suspended[wallet(who)] = !active;
        vm.prank(GUARD);
        participants.setStatus(wallet(who), active ? 1 : 2);
        record("setActive");
    }

    function announce(uint256 who, uint256 act, bytes32 orderHash) external {
        Book storage book = books[actOf(who, act)];
        bool isFree = book.by == address(0) || block.timestamp > endOf(book);
        bool allowed = !suspended[wallet(who)] && orderHash != 0 && isFree;
        vm.prank(wallet(who));
        try orders.announce(targetOf(act), dataOf(act), orderHash) returns (bytes32 actionHash) {
            assert(allowed && actionHash == actOf(who, act));
            (book.by, book.at, book.orderHash) = (wallet(who), block.timestamp, orderHash);
            ++announced;
            record("announce");
        } catch {
            assert(!allowed);
            record("");
        }
    }

    function withdraw(uint256 who, uint256 act, bool asOther) external {
        // Now and then what another authority announced.
        who %= WALLETS;
        bytes32 key = actOf(asOther ? who + 1 : who, act);
        bool allowed = !asOther && !suspended[wallet(who)] && books[key].by != address(0);
        vm.prank(wallet(who));
        try orders.withdraw(key) {
            assert(allowed);
            delete books[key];
            ++withdrawn;
            record("withdraw");
        } catch {
            assert(!allowed);
            record("");
        }
    }

    function carryOut(uint256 who, uint256 act) external {
        bytes32 key = actOf(who, act);
        Book memory book = books[key];
        bool isInTime = block.timestamp >= book.at + ORDER_SECONDS && block.timestamp <= endOf(book);
        bool isTwo = book.by != address(0) && book.by != wallet(who) && !suspended[book.by];
        bool allowed = isInTime && isTwo && !suspended[wallet(who)];
        vm.prank(targetOf(act));
        try orders.use(wallet(who), keccak256(dataOf(act))) returns (bytes32 orderHash) {
            assert(allowed && orderHash == book.orderHash);
            delete books[key];
            ++carriedOut;
            record("carryOut");
        } catch {
            assert(!allowed);
            record("");
        }
    }

    /// @notice Whether the contract has every act as the books have it.
    function isAsBooked() external view returns (bool) {
        for (uint256 who = 0; who < 2; ++who) {
            for (uint256 act = 0; act < 4; ++act) {
                bytes32 key = actOf(who, act);
                IAuthorityOrders.Announcement memory shown = orders.announcementOf(key);
                Book memory book = books[key];
                if (shown.announcer != book.by || shown.orderHash != book.orderHash) return false;
                if (book.by != address(0) && shown.latest != endOf(book)) return false;
            }
        }
        return true;
    }

    function appoint(address account, bytes16 firmId) private {
        participants.appoint(Admission(account, ParticipantKinds.REGULATOR, "CN", 0, firmId), 0);
    }

    function record(bytes32 action) private {
        ++calls;
        if (action == 0) return;
        ++succeeded;
        ++done[action];
    }

    function endOf(Book memory book) private pure returns (uint256) {
        return book.at + ORDER_SECONDS + LAPSE_SECONDS;
    }

    function actOf(uint256 who, uint256 act) private pure returns (bytes32) {
        return keccak256(abi.encode(targetOf(act), keccak256(dataOf(act)), firm(who)));
    }

    function targetOf(uint256 act) private pure returns (address) {
        return address(uint160(0xA000 + (act % 2)));
    }

    function dataOf(uint256 act) private pure returns (bytes memory) {
        return abi.encodePacked(bytes4(0x11223344), (act >> 1) % 2);
    }

    function firm(uint256 who) private pure returns (bytes16) {
        return bytes16(keccak256(abi.encode("authority", (who % WALLETS) % 2)));
    }
}
