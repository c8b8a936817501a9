// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PayoutDistributor} from "../../../contracts/payouts/PayoutDistributor.sol";
import {SettlementCash} from "../../../contracts/settlement/SettlementCash.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @title Drives one distributor at random over trees of four leaves. Keeps its own books beside the chain's.
contract PayoutMarket is SystemBuilder {
    uint256 public constant HOLDERS = 4;
    address public constant OPERATOR = address(0x0b);
    address private constant REGULATOR = address(0xE6);
    address private constant BANK = address(0xBA);

    struct Epoch {
        bytes32 root;
        uint256[HOLDERS] dues;
        uint256 claimableAt;
        bool byOperator;
        bool byRegulator;
    }

    PayoutDistributor public distributor;
    SettlementCash public cash;
    Epoch[] private epochs;
    address[HOLDERS] public holders;
    /// What each leaf was paid, the most that was ever due to it, and what the operator paid in.
    uint256[HOLDERS] public paid;
    uint256[HOLDERS] public mostDue;
    uint256 public funded;
    uint256 public claims;

    constructor() {
        vm.warp(1_760_000_000);
        build(address(this), address(0xE7));
        cash = new SettlementCash(address(manager), participants, "Cash", "CNYT");
        distributor = new PayoutDistributor(address(manager), participants, cash, OPERATOR, 100);
        appoint(OPERATOR, ParticipantKinds.OPERATOR);
        appoint(REGULATOR, ParticipantKinds.REGULATOR);
        openCash(cash, BANK);
        appoint(address(distributor), ParticipantKinds.ESCROW);
        for (uint160 i = 0; i < HOLDERS; ++i) {
            holders[i] = address(0x2000 + i);
            appoint(holders[i], ParticipantKinds.CORPORATE);
        }
        vm.prank(BANK);
        cash.issue(OPERATOR, 1e30);
        vm.prank(OPERATOR);
        cash.approve(address(distributor), type(uint256).max);
    }

    /// Mostly honest: each leaf counts on. Sometimes a leaf falls back, or the total is below what the leaves
    /// add up to.
    function announce(uint256 seed, uint40 notice, uint112 short) external {
        Epoch memory epoch;
        uint256 total = 0;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 last = epochs.length == 0 ? 0 : epochs[epochs.length - 1].dues[i];
            epoch.dues[i] = seed % 16 == 0 ? last / 2 : last + (seed % 1e12);
            total += epoch.dues[i];
        }
        if (short % 4 == 0) total = bound(short, 0, total);
        (epoch.root, ) = tree(epoch.dues, 0);
        epoch.claimableAt = block.timestamp + bound(notice, 0, 400);
        bool known = distributor.epochOf(epoch.root).number != 0;
        bool allowed = total >= funded && epoch.claimableAt >= block.timestamp + 100 && !known;
        vm.prank(OPERATOR);
        try distributor.announce(epoch.root, uint112(total), uint40(epoch.claimableAt)) {
            assert(allowed);
            funded = total;
            epochs.push(epoch);
            for (uint256 i = 0; i < HOLDERS; ++i) if (epoch.dues[i] > mostDue[i]) mostDue[i] = epoch.dues[i];
        } catch {
            assert(!allowed);
        }
    }

    function claim(uint256 which, uint256 who, uint256 forged) external {
        if (epochs.length == 0) return;
        Epoch storage epoch = epochs[which % epochs.length];
        who = who % HOLDERS;
        (, bytes32[] memory proof) = tree(epoch.dues, who);
        uint256 due = epoch.dues[who];
        bool isForged = forged % 4 == 0;
        bool open = block.timestamp >= epoch.claimableAt && !epoch.byOperator && !epoch.byRegulator;
        bool there = due > paid[who] && due - paid[who] <= cash.balanceOf(address(distributor));
        vm.prank(address(uint160(bound(forged, 1, type(uint160).max))));
        try distributor.claim(holders[who], isForged ? due + 1 : due, proof) {
            assert(open && there && !isForged);
            paid[who] = due;
            ++claims;
        } catch {
            assert(!open || !there || isForged);
        }
    }

    function pause(uint256 which, uint256 seed) external {
        if (epochs.length == 0) return;
        Epoch storage epoch = epochs[which % epochs.length];
        (bool paused, bool byRegulator) = (seed % 2 == 0, seed % 3 == 0);
        vm.prank(byRegulator ? REGULATOR : OPERATOR);
        distributor.setPaused(epoch.root, paused);
        if (byRegulator) (epoch.byRegulator, epoch.byOperator) = (paused, paused && epoch.byOperator);
        else epoch.byOperator = paused;
    }

    function wait(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 0, 300));
    }

    /// Whoever pays in besides pays for the holders.
    function donate(uint256 amount) external {
        if (amount % 8 != 0) return;
        vm.prank(OPERATOR);
        cash.transfer(address(distributor), bound(amount, 0, 1e6));
    }

    function meddle(uint256 who, uint112 total) external {
        address other = holders[who % HOLDERS];
        bytes[3] memory calls = [
            abi.encodeCall(distributor.announce, (keccak256("root"), total, uint40(block.timestamp + 1_000))),
            abi.encodeCall(distributor.setPaused, (keccak256("root"), true)),
            abi.encodeCall(distributor.setDelay, (0))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(other);
            (bool done, ) = address(distributor).call(calls[i]);
            assert(!done);
        }
    }

    function rootCount() external view returns (uint256) {
        return epochs.length;
    }

    function rootOf(uint256 which) external view returns (bytes32) {
        return epochs[which].root;
    }

    /// @dev A tree over the four leaves, and the proof of one.
    function tree(
        uint256[HOLDERS] memory dues,
        uint256 who
    ) private view returns (bytes32 root, bytes32[] memory proof) {
        bytes32[HOLDERS] memory leaves;
        for (uint256 i = 0; i < HOLDERS; ++i)
            leaves[i] = keccak256(bytes.concat(keccak256(abi.encode(holders[i], dues[i]))));
        (bytes32 left, bytes32 right) = (pair(leaves[0], leaves[1]), pair(leaves[2], leaves[3]));
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (leaves[who ^ 1], who < 2 ? right : left);
        root = pair(left, right);
    }

    function pair(bytes32 one, bytes32 other) private pure returns (bytes32) {
        return one < other ? keccak256(abi.encode(one, other)) : keccak256(abi.encode(other, one));
    }
}
