// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {Hold} from "../../../contracts/types/Hold.sol";
import {Pledging} from "../support/Pledging.sol";

/// @title What holds of balances, freezes and liens after any sequence of transfers, pledges, enforcements,
/// orders and recoveries.
contract EncumbranceTest {
    Pledging private pledging;
    CarbonCredit private credit;

    function setUp() external {
        pledging = new Pledging();
        credit = pledging.token();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(pledging);
    }

    function testFuzz_freezeReadsBackExactly(uint256 first, uint256 second) external {
        for (uint256 i = 0; i < 5; ++i) {
            uint256 amount = [
                first % 2 ** 120,
                second % 2 ** 120,
                type(uint120).max - (first % 3),
                second % 3,
                0
            ][i];
            pledging.freeze(1, 0, amount, true);
            assert(credit.getFrozenTokens(pledging.wallets(1), 1) == amount);
            assert(credit.heldOf(pledging.wallets(1), 1) == 0);
        }
    }

    /// @dev The handler itself compares the view's answer with what the transfer does.
    function testFuzz_refusalSaysWhatATransferDoes(
        uint256 freeze,
        uint256 lien,
        uint256 amount,
        uint8 stop
    ) external {
        pledging.place(1, 0, lien, 1, false);
        pledging.freeze(1, 0, freeze, freeze % 2 == 0);
        pledging.stop(0, stop % 4 == 1, stop % 4 == 2);
        if (stop % 8 == 3) pledging.setStatus(amount % 5, true);
        pledging.transfer(1, amount % 7, 0, amount, stop > 127);
    }

    /// @dev To oneself nothing leaves, so each entry alone has to be there; a freeze counts them together.
    /// The handler compares what it expects with what the token does.
    function test_entriesToOneselfMayAddUpToMoreThanTheBalance() external {
        uint256 part = 400e9;
        pledging.transferMany(1, 1, 0, [part, part, part, part]);
        pledging.freeze(1, 0, 1, false);
        pledging.transferMany(1, 1, 0, [part, part, part, part]);
    }

    /// @dev Or the invariants would say nothing.
    function test_randomActionsReachEveryOutcome() external {
        for (uint256 i = 0; i < 60; ++i) {
            uint256[4] memory x;
            for (uint256 k = 0; k < 4; ++k) x[k] = uint256(keccak256(abi.encode(i, k)));
            pledging.place(x[0], x[1], x[2], uint16(x[3]), i % 2 == 0);
            if (i % 5 == 0) pledging.freeze(x[1], x[0], x[2] / 2, false);
            pledging.transfer(x[0], x[1], x[2], x[3], i % 3 == 0);
            pledging.transferMany(x[0], x[1], uint8(x[2]), x);
            pledging.enforce(x[1], x[2]);
            pledging.force(x[0], x[2], x[1], x[3]);
            pledging.forceReleasing(x[3], x[2], x[1], x[0], x[2]);
            if (i % 20 == 19) pledging.recoverWallet(x[0]);
            pledging.prohibit(x[1], x[0], i % 4 == 0 ? x[3] / 8 : 0);
            pledging.recover(x[0], x[1]);
        }
        assert(pledging.transfers() > 5);
        assert(pledging.pledges() > 5);
        assert(pledging.enforcements() > 3);
        assert(pledging.forced() > 5);
        assert(pledging.recoveries() > 1);
    }

    function invariant_sumOfLiensIsWhatIsPledged() external view {
        for (uint256 i = 0; i < pledging.walletCount(); ++i) {
            for (uint256 k = 0; k < 2; ++k) {
                (address account, uint256 batchId) = (pledging.wallets(i), pledging.idOf(k));
                assert(credit.heldOf(account, batchId) == pledging.pledgedOf(account, batchId));
            }
        }
    }

    function invariant_everyLienIsWhatWasPlacedLessWhatWasReleasedAndEnforced() external view {
        for (uint256 i = 0; i < pledging.lienCount(); ++i) {
            bytes32 id = pledging.lienIds(i);
            (uint256 left, address holder, uint256 batchId) = pledging.lienOf(id);
            Hold memory lien = credit.holdOf(id, batchId);
            assert(lien.amount == left);
            assert(left == 0 || lien.holder == holder);
        }
    }

    function invariant_freezeReadsBackAsWrittenOrLoweredByOrders() external view {
        for (uint256 i = 0; i < pledging.walletCount(); ++i) {
            for (uint256 k = 0; k < 2; ++k) {
                (address account, uint256 batchId) = (pledging.wallets(i), pledging.idOf(k));
                assert(credit.getFrozenTokens(account, batchId) == pledging.frozen(account, batchId));
                assert(credit.encumberedOf(account, batchId) == pledging.encumberedOf(account, batchId));
            }
        }
    }

    function invariant_pledgedCreditsAreThere() external view {
        for (uint256 i = 0; i < pledging.walletCount(); ++i) {
            for (uint256 k = 0; k < 2; ++k) {
                (address account, uint256 batchId) = (pledging.wallets(i), pledging.idOf(k));
                assert(credit.heldOf(account, batchId) <= credit.balanceOf(account, batchId));
            }
        }
    }

    function invariant_balancesAreThoseOfTheBooksAndAddUpToTheSupply() external view {
        for (uint256 k = 0; k < 2; ++k) {
            uint256 batchId = pledging.idOf(k);
            uint256 sum = 0;
            for (uint256 i = 0; i < pledging.walletCount(); ++i) {
                address account = pledging.wallets(i);
                assert(credit.balanceOf(account, batchId) == pledging.balance(account, batchId));
                sum += credit.balanceOf(account, batchId);
            }
            assert(sum == credit.totalSupply(batchId));
        }
    }
}
