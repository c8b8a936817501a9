// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ParticipantRegistry} from "../../../contracts/participants/ParticipantRegistry.sol";
import {
    Admission,
    Participant,
    ParticipantKinds,
    ParticipantStatus,
    Recovery
} from "../../../contracts/types/Participant.sol";
import {bound, vm} from "./Vm.sol";

/// @title Wallets of a few firms that come, change, are suspended, get lost and are replaced.
contract Membership {
    uint256 private constant WALLETS = 8;
    uint256 private constant MOST = 20;
    uint256 public constant FIRMS = 3;
    uint256 private constant GUARDIAN_KEY = 0x6A2D;
    address private constant REGISTRAR = address(0x5E1);
    address private constant REGULATOR = address(0x5E2);
    address private constant FACTORY = address(0x5E3);
    uint32 private constant OBJECTION = 2 days;
    uint32 private constant COMPLETION = 3 days;

    ParticipantRegistry public immutable registry;
    /// @notice The firm that a wallet was first seen with.
    mapping(address wallet => bytes32) public firstFirm;
    /// @notice Calls that did something, by action; and all of them.
    mapping(bytes32 action => uint256) public done;
    uint256 public succeeded;
    uint256 public calls;
    uint64 private deadlines;
    /// @dev A lost wallet's place is its replacement's; each address comes once.
    address[] private wallets;
    uint160 private lastAddress = 0x7000;

    constructor() {
        registry = new ParticipantRegistry(address(new AccessManager(address(this))), 1, OBJECTION);
        registry.setCompletionPeriod(COMPLETION);
        appointFixed(REGISTRAR, ParticipantKinds.REGISTRAR);
        appointFixed(REGULATOR, ParticipantKinds.REGULATOR);
        appointFixed(FACTORY, ParticipantKinds.POOL_FACTORY);
        appointFixed(vm.addr(GUARDIAN_KEY), ParticipantKinds.GUARDIAN);
        for (uint256 i = 0; i < WALLETS; ++i) wallets.push(newAddress());
        for (uint256 i = 0; i < WALLETS / 2; ++i) {
            registry.appoint(
                admissionOf(i, ParticipantKinds.VERIFIER | ParticipantKinds.BANK, 1 + (i % FIRMS)),
                1
            );
            note(wallet(i));
        }
    }

    function count() external view returns (uint256) {
        return wallets.length;
    }

    function wallet(uint256 i) public view returns (address) {
        return wallets[i % wallets.length];
    }

    /// @notice 0 stands for no firm.
    function firm(uint256 i) public pure returns (bytes16) {
        i %= FIRMS + 1;
        return i == 0 ? bytes16(0) : bytes16(keccak256(abi.encode("firm", i)));
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 4 days));
    }

    function register(uint256 who, uint32 kinds, uint256 ofFirm) external {
        if (who % 3 == 0 && wallets.length < MOST) {
            wallets.push(newAddress());
            who = wallets.length - 1;
        }
        vm.prank(REGISTRAR);
        try registry.register(admissionOf(who, kinds & ParticipantKinds.ORDINARY, ofFirm)) {
            record("register", who);
        } catch {
            record("", who);
        }
    }

    function update(uint256 who, uint32 kinds, uint256 ofFirm) external {
        vm.prank(REGISTRAR);
        try registry.update(admissionOf(who, kinds & ParticipantKinds.ORDINARY, ofFirm)) {
            record("update", who);
        } catch {
            record("", who);
        }
    }

    function appoint(uint256 who, uint32 kinds, uint32 sets, uint256 ofFirm, bool keepsFirm) external {
        // Few are contracts: those never get lost.
        uint32 most = ParticipantKinds.RECOVERABLE | ParticipantKinds.VERIFIER | ParticipantKinds.GUARDIAN;
        kinds &= who % 16 == 0 ? ParticipantKinds.ALL : most;
        Admission memory admission = admissionOf(who, kinds, ofFirm);
        // Most calls with another firm are refused.
        if (keepsFirm && firstFirm[wallet(who)] != 0) admission.firmId = bytes16(firstFirm[wallet(who)]);
        if (kinds & ParticipantKinds.VERIFIER == 0) sets = 0;
        try registry.appoint(admission, sets) {
            record("appoint", who);
        } catch {
            record("", who);
        }
    }

    /// Kinds that change what is counted, and nothing else.
    function appointVerifier(uint256 who, uint32 sets) external {
        Admission memory admission = admissionOf(who, ParticipantKinds.VERIFIER, 1);
        if (firstFirm[wallet(who)] != 0) admission.firmId = bytes16(firstFirm[wallet(who)]);
        if (who % 3 == 0) admission.kinds |= ParticipantKinds.BANK;
        try registry.appoint(admission, sets) {
            record("appointVerifier", who);
        } catch {
            record("", who);
        }
    }

    function setStatus(uint256 who, uint8 status, bool byRegulator) external {
        status = status % 6;
        vm.prank(byRegulator ? REGULATOR : REGISTRAR);
        try registry.setStatus(wallet(who), status) {
            record("setStatus", who);
        } catch {
            record("", who);
        }
    }

    function admitPool(uint256 who) external {
        // Its contract is there now: what was known of the address, its firm too, was another's.
        uint32 kinds = registry.kindsOnFile(wallet(who));
        vm.prank(FACTORY);
        try registry.admitPool(wallet(who)) {
            assert(kinds & ~ParticipantKinds.RECOVERABLE == 0);
            firstFirm[wallet(who)] = 0;
            record("admitPool", who);
        } catch {
            assert(kinds & ~ParticipantKinds.RECOVERABLE != 0);
            record("", who);
        }
    }

    function announce(uint256 who, uint256 heir) external {
        address replacement = heir % 4 == 0 ? wallet(heir >> 2) : newAddress();
        Recovery memory recovery = Recovery(
            wallet(who),
            replacement,
            keccak256("case"),
            type(uint64).max - ++deadlines
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(GUARDIAN_KEY, registry.hashRecovery(recovery));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(r, s, v);
        Participant memory lost = registry.participantOf(wallet(who));
        bool allowed =
            lost.status != ParticipantStatus.None &&
                lost.status != ParticipantStatus.Recovered &&
                lost.kinds & ParticipantKinds.CONTRACTS == 0 &&
                lost.kinds & ParticipantKinds.RECOVERABLE != 0 &&
                registry.participantOf(replacement).status == ParticipantStatus.None;
        try registry.announceRecovery(recovery, signatures) {
            assert(allowed);
            record("announce", who);
        } catch {
            assert(!allowed);
            record("", who);
        }
    }

    function object(uint256 who) external {
        bool allowed = registry.participantOf(wallet(who)).status == ParticipantStatus.Recovering;
        vm.prank(wallet(who));
        try registry.objectToRecovery() {
            assert(allowed && registry.isActive(wallet(who)));
            record("object", who);
        } catch {
            assert(!allowed);
            record("", who);
        }
    }

    function complete(uint256 who) external {
        (address heir, uint64 from, uint64 upTo) = registry.recoveryOf(wallet(who));
        bool inTime = heir != address(0) && block.timestamp >= from && block.timestamp <= upTo;
        try registry.completeRecovery(wallet(who)) {
            assert(inTime);
            record("complete", who);
            wallets[who % wallets.length] = heir;
            note(heir);
        } catch {
            record("", who);
        }
    }

    function lapse(uint256 who) external {
        (address heir, , uint64 upTo) = registry.recoveryOf(wallet(who));
        bool allowed = heir != address(0) && block.timestamp > upTo;
        try registry.lapseRecovery(wallet(who)) {
            assert(allowed);
            record("lapse", who);
        } catch {
            assert(!allowed);
            record("", who);
        }
    }

    function appointFixed(address account, uint32 kinds) private {
        registry.appoint(Admission(account, kinds, "CN", 0, bytes16(keccak256(abi.encode(account)))), 0);
    }

    function newAddress() private returns (address) {
        return address(++lastAddress);
    }

    function admissionOf(uint256 who, uint32 kinds, uint256 ofFirm) private view returns (Admission memory) {
        return Admission(wallet(who), kinds, "CN", 0, firm(ofFirm));
    }

    function record(bytes32 action, uint256 who) private {
        ++calls;
        if (action == 0) return;
        ++succeeded;
        ++done[action];
        note(wallet(who));
    }

    function note(address account) private {
        if (firstFirm[account] == 0) firstFirm[account] = registry.firmOf(account);
    }
}
