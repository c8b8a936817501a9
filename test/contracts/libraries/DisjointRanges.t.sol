// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisjointRanges} from "../../../contracts/libraries/DisjointRanges.sol";
import {bound} from "../support/Vm.sol";

/// @title The set of ranges against a model that remembers every number.
contract DisjointRangesTest {
    using DisjointRanges for DisjointRanges.Line;

    uint64 private constant NUMBERS = 48;
    uint256 private constant STEPS = 60;

    DisjointRanges.Line private line;
    /// First number of the range that a number is in, plus one; 0: free.
    uint64[NUMBERS] private ownerPlusOne;

    function testFuzz_freeRangesAreTakenAndOverlapsRefusedWhateverTheHint(uint256 seed) external {
        for (uint256 step = 0; step < STEPS; ++step) {
            uint256 random = uint256(keccak256(abi.encode(seed, step)));
            if (random % 3 == 0) shrinkOne(random >> 8);
            else insertOne(random >> 8);
            checkAgainstModel();
        }
    }

    function test_endsOfTheNumberSpace() external {
        uint64 last = type(uint64).max;
        line.insert(last - 1, last, DisjointRanges.START);
        line.insert(0, last - 1, DisjointRanges.START);
        assert(!tryInsert(last - 2, last, 0));
        assert(!tryInsert(0, 1, DisjointRanges.START));
        line.shrink(last - 1, last - 1);
        line.insert(last - 1, last, 0);
        (uint64 previous, uint64 next) = line.neighbours(last - 1, DisjointRanges.START);
        assert(previous == last - 1 && next == DisjointRanges.START);
    }

    function insertExternally(uint64 first, uint64 end, uint64 hint) external {
        assert(msg.sender == address(this));
        line.insert(first, end, hint);
    }

    function insertOne(uint256 random) private {
        uint64 first = uint64(bound(random, 0, NUMBERS - 1));
        uint64 length = uint64(bound(random >> 16, 1, 8));
        uint64 end = first + length > NUMBERS ? NUMBERS : first + length;
        uint64 hint = hintOf(random >> 32, first);
        bool isFit = hint == DisjointRanges.START || (hint <= first && beginsAt(hint));
        bool isFree = true;
        for (uint64 i = first; i < end; ++i) isFree = isFree && ownerPlusOne[i] == 0;

        assert(tryInsert(first, end, hint) == (isFit && isFree));
        if (!isFit || !isFree) return;
        for (uint64 i = first; i < end; ++i) ownerPlusOne[i] = first + 1;
    }

    function shrinkOne(uint256 random) private {
        uint64 first = uint64(bound(random, 0, NUMBERS - 1));
        if (!beginsAt(first)) return;
        uint64 end = endOf(first);
        uint64 newEnd = uint64(bound(random >> 16, first, end));
        line.shrink(first, newEnd);
        for (uint64 i = newEnd; i < end; ++i) ownerPlusOne[i] = 0;
    }

    /// @dev START, the best, or any number at all.
    function hintOf(uint256 random, uint64 first) private view returns (uint64 hint) {
        if (random % 4 == 0) return DisjointRanges.START;
        if (random % 4 == 1) return uint64(bound(random >> 8, 0, NUMBERS));
        (hint, ) = line.neighbours(first, DisjointRanges.START);
    }

    /// @dev Both directions of the ring show the model's ranges, all of them, ascending.
    function checkAgainstModel() private view {
        uint64 before = DisjointRanges.START;
        uint64 at = ~line.ranges[DisjointRanges.START].nextInverted;
        for (uint64 number = 0; number < NUMBERS; ++number) {
            if (!beginsAt(number)) continue;
            assert(at == number);
            assert(line.ranges[at].end == endOf(number));
            assert(~line.ranges[at].previousInverted == before);
            (before, at) = (at, ~line.ranges[at].nextInverted);
        }
        assert(at == DisjointRanges.START && ~line.ranges[DisjointRanges.START].previousInverted == before);
        assert(line.ranges[DisjointRanges.START].end == 0);
    }

    function tryInsert(uint64 first, uint64 end, uint64 hint) private returns (bool) {
        try this.insertExternally(first, end, hint) {
            return true;
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assert(
                selector == DisjointRanges.HintUnfit.selector ||
                    selector == DisjointRanges.RangeTaken.selector
            );
            return false;
        }
    }

    function beginsAt(uint64 number) private view returns (bool) {
        return number < NUMBERS && ownerPlusOne[number] == number + 1;
    }

    function endOf(uint64 first) private view returns (uint64 end) {
        end = first;
        while (end < NUMBERS && ownerPlusOne[end] == first + 1) ++end;
    }
}
