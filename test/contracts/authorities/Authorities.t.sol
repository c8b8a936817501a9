// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AuthorityOrders} from "../../../contracts/authorities/AuthorityOrders.sol";
import {IAuthorityOrders} from "../../../contracts/interfaces/IAuthorityOrders.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {Authorities} from "../support/Authorities.sol";
import {vm} from "../support/Vm.sol";

/// @title What holds after any sequence of announcements, withdrawals, acts and lapses of time: each act by
/// two wallets of one authority, in its time, once.
contract AuthoritiesTest {
    Authorities private authorities;

    function setUp() external {
        authorities = new Authorities();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(authorities);
    }

    function invariant_whatIsAnnouncedIsWhatTheBooksSay() external view {
        assert(authorities.isAsBooked());
    }

    function invariant_eachAnnouncementEndsOnce() external view {
        assert(authorities.carriedOut() + authorities.withdrawn() <= authorities.announced());
    }

    /// A handler that nothing gets through would keep every law above.
    function test_everyActionIsReached() external {
        for (uint256 i = 0; i < 3_000; ++i) act(uint256(keccak256(abi.encode(i))));
        bytes32[4] memory actions = [bytes32("announce"), "withdraw", "carryOut", "setActive"];
        for (uint256 i = 0; i < actions.length; ++i) assert(authorities.done(actions[i]) > 50);
        assert(5 * authorities.succeeded() >= authorities.calls());
    }

    function test_outsideDevelopmentAnActHasADayAtLeast() external {
        AccessManager manager = new AccessManager(address(this));
        IParticipantRegistry participants = IParticipantRegistry(address(0xB00C));
        vm.chainId(4242);
        try new AuthorityOrders(address(manager), participants, 0, 1 days - 1) {
            assert(false);
        } catch (bytes memory reason) {
            bytes4 short = IAuthorityOrders.LapseTooShort.selector;
            assert(keccak256(reason) == keccak256(abi.encodeWithSelector(short, 1 days - 1)));
        }
        new AuthorityOrders(address(manager), participants, 0, 1 days);
    }

    function act(uint256 seed) private {
        uint256 who = seed >> 8;
        uint256 which = seed % 8;
        if (which < 2) authorities.announce(who, seed >> 64, bytes32(seed | 1));
        else if (which == 2) authorities.withdraw(who, seed >> 64, (seed >> 128) & 1 == 1);
        else if (which < 6) authorities.carryOut(who, seed >> 64);
        else if (which == 6) authorities.wait(seed >> 64);
        else authorities.setActive(who, (seed >> 64) & 3 != 0);
    }
}
