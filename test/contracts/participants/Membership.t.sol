// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {ParticipantRegistry} from "../../../contracts/participants/ParticipantRegistry.sol";
import {Participant, ParticipantKinds, ParticipantStatus} from "../../../contracts/types/Participant.sol";
import {Membership} from "../support/Membership.sol";
import {vm} from "../support/Vm.sol";

/// @title What holds after any sequence of admissions, appointments, suspensions and recoveries.
contract MembershipTest {
    Membership private membership;
    ParticipantRegistry private registry;

    function setUp() external {
        membership = new Membership();
        registry = membership.registry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(membership);
    }

    function invariant_aFirmIsAWalletsForGood() external view {
        for (uint256 i = 0; i < membership.count(); ++i) {
            address wallet = membership.wallet(i);
            bytes32 first = membership.firstFirm(wallet);
            assert(first == 0 || first == registry.firmOf(wallet));
        }
    }

    function invariant_whoeverSignsOrIssuesHasAFirm() external view {
        for (uint256 i = 0; i < membership.count(); ++i) {
            Participant memory participant = registry.participantOf(membership.wallet(i));
            assert(participant.firmId != 0 || participant.kinds & ParticipantKinds.FIRMS == 0);
        }
    }

    function invariant_aSetsFirmsAreThoseOfItsActiveVerifiersEachOnce() external view {
        uint8[4] memory sets = [0, 1, 2, 32];
        for (uint256 i = 0; i < sets.length; ++i) {
            uint256 count = 0;
            for (uint256 one = 0; one < membership.count(); ++one) {
                bool counts = isIn(sets[i], one);
                bytes32 firmId = registry.firmOf(membership.wallet(one));
                for (uint256 earlier = 0; earlier < one; ++earlier) {
                    bool isSame = registry.firmOf(membership.wallet(earlier)) == firmId;
                    if (isSame && isIn(sets[i], earlier)) counts = false;
                }
                if (counts) ++count;
            }
            assert(registry.firmCountOf(sets[i]) == count);
        }
    }

    function invariant_aFirmIsLeftOutOfASetsCountWhereItIsInTheSet() external view {
        for (uint256 i = 0; i < membership.count(); ++i) {
            bytes32 firmId = registry.firmOf(membership.wallet(i));
            uint256 own = 0;
            for (uint256 j = 0; j < membership.count(); ++j) {
                if (registry.firmOf(membership.wallet(j)) == firmId && isIn(1, j)) own = 1;
            }
            assert(registry.firmCountBeside(1, firmId) + own == registry.firmCountOf(1));
        }
    }

    function invariant_aWalletIsRecoveringOnlyWhileItsRecoveryIsUnderWay() external view {
        for (uint256 i = 0; i < membership.count(); ++i) {
            address wallet = membership.wallet(i);
            ParticipantStatus status = registry.participantOf(wallet).status;
            (address heir, uint64 from, uint64 upTo) = registry.recoveryOf(wallet);
            assert(heir != address(0) || (status != ParticipantStatus.Recovering && from == 0 && upTo == 0));
            assert(heir == address(0) || (status != ParticipantStatus.Active && from < upTo));
            assert(!registry.isActive(wallet) || status == ParticipantStatus.Active);
        }
    }

    function invariant_aReplacementKnowsWhosePlaceItTook() external view {
        for (uint256 i = 0; i < membership.count(); ++i) {
            address wallet = membership.wallet(i);
            address lost = registry.predecessorOf(wallet);
            bool isRecovered = registry.participantOf(lost).status == ParticipantStatus.Recovered;
            // A pool that came to an address since is nobody's successor, nor succeeded.
            if (!isRecovered || registry.kindsOnFile(wallet) & ParticipantKinds.POOL != 0) continue;
            assert(registry.replacementOf(lost) != address(0));
            assert(registry.firmOf(lost) == registry.firmOf(wallet) || registry.firmOf(lost) == 0);
        }
    }

    /// A handler that nothing gets through would keep every law above.
    function test_everyActionIsReached() external {
        for (uint256 i = 0; i < 4_000; ++i) act(uint256(keccak256(abi.encode(i))));
        bytes32[10] memory actions = [
            bytes32("register"),
            "update",
            "appoint",
            "appointVerifier",
            "setStatus",
            "admitPool",
            "announce",
            "object",
            "complete",
            "lapse"
        ];
        for (uint256 i = 0; i < actions.length; ++i) assert(membership.done(actions[i]) > 0);
        assert(5 * membership.succeeded() >= membership.calls());
    }

    function test_outsideDevelopmentRecoveryTermsHaveFloors() external {
        AccessManager manager = new AccessManager(address(this));
        vm.chainId(4242);
        uint8[3] memory guardians = [1, 2, 2];
        uint32[3] memory periods = [uint32(1 days), 1 days - 1, 0];
        for (uint256 i = 0; i < guardians.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                IParticipantRegistry.RecoveryTermsTooWeak.selector,
                guardians[i],
                periods[i]
            );
            try new ParticipantRegistry(address(manager), guardians[i], periods[i]) {
                assert(false);
            } catch (bytes memory reason) {
                assert(keccak256(reason) == keccak256(refusal));
            }
        }
        ParticipantRegistry strict = new ParticipantRegistry(address(manager), 2, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.RecoveryTermsTooWeak.selector, 1, 0));
        strict.setRecoveryTerms(1, 0);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.ThresholdZero.selector));
        strict.setRecoveryTerms(0, 30 days);
        bytes4 short = IParticipantRegistry.CompletionPeriodTooShort.selector;
        vm.expectRevert(abi.encodeWithSelector(short, 1 days - 1));
        strict.setCompletionPeriod(1 days - 1);
        strict.setCompletionPeriod(1 days);
        vm.chainId(31337);
        strict.setRecoveryTerms(1, 0);
        strict.setCompletionPeriod(0);
    }

    function act(uint256 seed) private {
        uint256 who = seed >> 8;
        uint256 more = seed >> 64;
        uint256 which = seed % 11;
        if (which == 0) membership.register(who, uint32(more), more >> 32);
        else if (which == 1) membership.update(who, uint32(more), more >> 32);
        else if (which == 2)
            membership.appoint(who, uint32(more) & uint32(more >> 128), uint32(more >> 32), more >> 64, true);
        else if (which == 3) membership.appointVerifier(who, uint32(more));
        else if (which == 4) membership.setStatus(who, uint8(more), (more >> 8) % 2 == 0);
        else if (which == 5 && seed % 7 == 0) membership.admitPool(who);
        else if (which == 6) membership.announce(who, more);
        else if (which == 7) membership.object(who);
        else if (which == 8) membership.complete(who);
        else if (which == 9) membership.lapse(who);
        else membership.wait(more);
    }

    function isIn(uint8 set, uint256 wallet) private view returns (bool) {
        Participant memory one = registry.participantOf(membership.wallet(wallet));
        bool isVerifier =
            one.status == ParticipantStatus.Active && one.kinds & ParticipantKinds.VERIFIER != 0;
        return isVerifier && (set == 0 || (one.verifierSets >> (set - 1)) & 1 == 1);
    }
}
