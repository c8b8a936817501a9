// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../../../contracts/libraries/Accounting.sol";
import {BatchAccount} from "../../../contracts/types/Batch.sol";
import {AccountingCaller} from "../support/AccountingCaller.sol";
import {bound} from "../support/Vm.sol";

/// @title The books of a batch under any sequence of mints, retirements, strikes and cures, against the
/// rules' own words.
contract AccountingTest {
    uint256 private constant STEPS = 40;

    AccountingCaller private immutable books = new AccountingCaller();

    /// The batch format's words; `unminted` is counted here, not derived.
    struct Words {
        uint256 total;
        uint256 minted;
        uint256 unminted;
        uint256 struck;
        uint256 shortfall;
        uint256 replaced;
        uint256 retired;
    }

    function testFuzz_booksFollowTheRules(uint64 total, uint64 buffer, uint256 seed) external {
        Words memory words = committed(total, buffer);
        for (uint256 i = 0; i < STEPS; ++i) {
            uint256 choice = uint256(keccak256(abi.encode(seed, i)));
            step(words, choice % 5, choice >> 8);
            check(words);
        }
    }

    function testFuzz_bufferIsHeldBackOrAllThatStrikesLeft(
        uint64 total,
        uint64 buffer,
        uint64 struck
    ) external {
        Words memory words = committed(total, 0);
        strike(words, bound(struck, 0, words.total));
        buffer = uint64(near(buffer, words.unminted));
        books.mintMain(buffer);
        uint256 kept = smaller(buffer, words.unminted);
        (words.minted, words.unminted) = (words.minted + words.unminted - kept, kept);
        check(words);
    }

    function testFuzz_commitRefusesABufferAboveTheTotal(uint64 total, uint64 buffer) external {
        buffer = uint64(near(buffer, total));
        bytes memory reason = abi.encodeWithSelector(Accounting.BufferExceedsTotal.selector, buffer, total);
        outcome(abi.encodeCall(books.commit, (total, buffer)), buffer <= total, reason);
    }

    /// @dev Opens, and mostly mints.
    function committed(uint64 total, uint64 buffer) private returns (Words memory words) {
        words.total = words.unminted = bound(total, 1, (1 << 63) - 1);
        books.commit(uint64(words.total), 0);
        if (buffer % 4 == 0) return words;
        buffer = uint64(bound(buffer, 0, words.total));
        books.mintMain(buffer);
        (words.minted, words.unminted) = (words.total - buffer, buffer);
    }

    function step(Words memory words, uint256 action, uint256 amount) private {
        if (action == 0) retire(words, near(amount, words.minted - words.retired));
        else if (action == 1) strike(words, near(amount, words.total - words.struck));
        else if (action == 2)
            cure(words, near(amount, smaller(words.shortfall, words.minted - words.retired)), true);
        else if (action == 3)
            cure(words, near(amount, words.shortfall), false);
            // Rarely, for nothing is left to be struck from unminted afterwards.
        else if (amount % 8 == 0) mintRest(words);
    }

    function mintRest(Words memory words) private {
        books.mintRest();
        (words.minted, words.unminted) = (words.minted + words.unminted, 0);
    }

    function retire(Words memory words, uint256 amount) private {
        uint256 available = words.minted - words.retired;
        bytes memory reason = abi.encodeWithSelector(
            Accounting.RetirementExceedsMinted.selector,
            amount,
            available
        );
        if (outcome(abi.encodeCall(books.retire, (uint64(amount))), amount <= available, reason))
            words.retired += amount;
    }

    function strike(Words memory words, uint256 amount) private {
        uint256 live = words.total - words.struck;
        bytes memory reason = abi.encodeWithSelector(Accounting.StrikeExceedsTotal.selector, amount, live);
        if (!outcome(abi.encodeCall(books.strike, (uint64(amount))), amount <= live, reason)) return;
        uint256 covered = smaller(amount, words.unminted);
        words.struck += amount;
        words.unminted -= covered;
        words.shortfall += amount - covered;
    }

    function cure(Words memory words, uint256 amount, bool burning) private {
        uint256 most = burning ? smaller(words.shortfall, words.minted - words.retired) : words.shortfall;
        bytes memory reason = abi.encodeWithSelector(Accounting.CureOutOfRange.selector, amount, most);
        bytes memory call =
            burning
                ? abi.encodeCall(books.cureByBurning, (uint64(amount)))
                : abi.encodeCall(books.cureByReplacing, (uint64(amount)));
        if (!outcome(call, amount > 0 && amount <= most, reason)) return;
        words.shortfall -= amount;
        if (burning) words.minted -= amount;
        else words.replaced += amount;
    }

    function check(Words memory words) private view {
        BatchAccount memory account = books.account();
        assert(
            account.totalMg == words.total &&
                account.mintedMg == words.minted &&
                account.struckMg == words.struck
        );
        assert(account.shortfallMg == words.shortfall && account.replacedMg == words.replaced);
        assert(account.retiredMg == words.retired && books.unminted() == words.unminted);
        assert(
            words.total + words.shortfall + words.replaced == words.minted + words.unminted + words.struck
        );
    }

    /// @dev True where the call went through; it must, or must fail with just this reason.
    function outcome(bytes memory call, bool expected, bytes memory reason) private returns (bool done) {
        bytes memory answer;
        (done, answer) = address(books).call(call);
        assert(done == expected);
        assert(done || keccak256(answer) == keccak256(reason));
    }

    /// @dev About the edges that count: nothing, all, one too many; else anything between.
    function near(uint256 amount, uint256 most) private pure returns (uint256) {
        uint256 way = amount % 4;
        if (way == 0) return most;
        if (way == 1) return most + 1;
        return way == 2 ? 0 : bound(amount / 4, 0, most);
    }

    function smaller(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
