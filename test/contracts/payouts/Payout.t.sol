// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PayoutDistributor} from "../../../contracts/payouts/PayoutDistributor.sol";
import {SettlementCash} from "../../../contracts/settlement/SettlementCash.sol";
import {PayoutMarket} from "../support/PayoutMarket.sol";

/// @title What holds of a distributor after any sequence of announcements, honest or not, claims, pauses and
/// donations.
contract PayoutTest {
    PayoutMarket private market;
    PayoutDistributor private distributor;
    SettlementCash private cash;

    function setUp() external {
        market = new PayoutMarket();
        (distributor, cash) = (market.distributor(), market.cash());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function invariant_claimsNeverExceedWhatWasPaidIn() external view {
        uint256 claimed = sumOfClaims();
        // Beside the operator, donors paid in; whatever it was, it is there or was claimed.
        assert(claimed + cash.balanceOf(address(distributor)) == 1e30 - cash.balanceOf(market.OPERATOR()));
        assert(cash.balanceOf(address(distributor)) + claimed >= market.funded());
    }

    function invariant_nobodyGetsMoreThanItsLatestDue() external view {
        for (uint256 i = 0; i < market.HOLDERS(); ++i) {
            assert(distributor.claimedOf(market.holders(i)) <= market.mostDue(i));
        }
    }

    function invariant_holdersHaveWhatTheBooksSay() external view {
        for (uint256 i = 0; i < market.HOLDERS(); ++i) {
            address holder = market.holders(i);
            assert(
                cash.balanceOf(holder) == market.paid(i) && distributor.claimedOf(holder) == market.paid(i)
            );
        }
    }

    function invariant_epochsCountOn() external view {
        (uint32 latest, uint112 total) = distributor.latest();
        assert(latest == market.rootCount() && total == market.funded());
        uint256 previous = 0;
        for (uint256 i = 0; i < latest; ++i) {
            bytes32 root = market.rootOf(i);
            assert(distributor.epochOf(root).number == i + 1 && distributor.epochOf(root).total >= previous);
            previous = distributor.epochOf(root).total;
        }
    }

    function sumOfClaims() private view returns (uint256 sum) {
        for (uint256 i = 0; i < market.HOLDERS(); ++i) sum += distributor.claimedOf(market.holders(i));
    }
}
