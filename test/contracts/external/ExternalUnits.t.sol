// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {ExternalUnits} from "../../../contracts/external/ExternalUnits.sol";
import {StoredUnits} from "../../../contracts/types/ExternalUnit.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {UnitsMarket} from "../support/UnitsMarket.sol";

/// @title What holds of external units after any sequence of immobilisations, releases, retirements,
/// transfers and suspensions.
contract ExternalUnitsTest {
    uint64 private constant START = type(uint64).max;

    UnitsMarket private market;
    ExternalUnits private units;
    CarbonCredit private credit;

    function setUp() external {
        market = new UnitsMarket();
        units = market.units();
        credit = market.token();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    /// @dev Or the invariants would say nothing.
    function test_randomActionsReachEveryOutcome() external {
        for (uint256 i = 0; i < 80; ++i) {
            uint256[4] memory x;
            for (uint256 k = 0; k < 4; ++k) x[k] = uint256(keccak256(abi.encode(i, k)));
            market.immobilise(x[0], uint64(x[1]), uint64(x[2]), x[3], x[0] >> 64);
            market.transfer(x[0], x[1], x[2], x[3]);
            market.retire(x[3], x[1], uint64(x[2]), bytes32(x[0]));
            market.release(x[2], x[0], uint64(x[1]));
            market.suspendOrReinstate(x[1], x[2], x[3]);
            market.handInAgain(x[0]);
        }
        assert(market.immobilised() > 15 && market.refusedOverlaps() > 15);
        assert(market.released() > 3 && market.retired() > 15);
        this.invariant_everyImmobilisedUnitIsOnItsLineOnceAndNoOtherIs();
        this.invariant_immobilisedEqualsCirculatingRetiredAndReleased();
    }

    function invariant_immobilisedEqualsCirculatingRetiredAndReleased() external view {
        for (uint256 i = 0; i < market.idCount(); ++i) {
            uint256 id = market.ids(i);
            StoredUnits memory stored = units.unitsOf(id);
            uint256 outside =
                uint256(Milligrams.unwrap(stored.retiredMg)) * 1e9 + uint256(stored.released) * 1e18;
            assert(uint256(stored.units) * 1e18 == credit.totalSupply(id) + outside);
            assert(stored.units == market.immobilisedUnits(id));
        }
    }

    function invariant_balancesOfUnitsAddUpToTheirSupply() external view {
        for (uint256 i = 0; i < market.idCount(); ++i) {
            uint256 id = market.ids(i);
            uint256 sum = 0;
            for (uint256 k = 0; k < market.partyCount(); ++k) sum += credit.balanceOf(market.parties(k), id);
            assert(sum == credit.totalSupply(id));
            assert(credit.balanceOf(market.OUTSIDER(), id) == 0);
        }
    }

    function invariant_cursorsAreWhatWasRetiredAndReleased() external view {
        for (uint256 i = 0; i < market.idCount(); ++i) {
            StoredUnits memory stored = units.unitsOf(market.ids(i));
            assert(Milligrams.unwrap(stored.retiredMg) == market.retiredMg(market.ids(i)));
            assert(stored.released == market.releasedUnits(market.ids(i)));
            assert(stored.suspension == market.causes(market.ids(i)));
            assert(credit.isSuspended(market.ids(i)) == (stored.suspension != 0));
        }
    }

    function invariant_everyImmobilisedUnitIsOnItsLineOnceAndNoOtherIs() external view {
        for (uint256 line = 0; line < market.LINES(); ++line) {
            (uint64 at, , uint64 next) = neighbours(line, 0);
            // No block begins at 0.
            if (at == START) at = next;
            uint64 from = 0;
            while (at != START) {
                (uint64 found, uint64 end, uint64 following) = neighbours(line, at);
                assert(found == at && at >= from && end > at && following >= end);
                requireTaken(line, from, at, false);
                requireTaken(line, at, end, true);
                (from, at) = (end, following);
            }
            requireTaken(line, from, market.NUMBERS() + 24, false);
        }
    }

    /// @dev The same id all along [from, to), or none.
    function requireTaken(uint256 line, uint64 from, uint64 to, bool taken) private view {
        uint256 id = taken ? market.ownerOf(line, from) : 0;
        assert(!taken || id != 0);
        for (uint64 i = from; i < to; ++i) assert(market.ownerOf(line, i) == id);
    }

    function neighbours(
        uint256 line,
        uint64 first
    ) private view returns (uint64 previous, uint64 end, uint64 next) {
        return units.neighbourOf(market.REGISTRY(), market.prefixOf(line), first);
    }
}
