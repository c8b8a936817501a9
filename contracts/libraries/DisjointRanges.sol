// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title A set of ranges [first, end) of uint64 that never overlap, as a sorted ring of which any place is
/// found from a neighbour.
/// @notice A hint is the first number of some range before the place; START is always one. A hint that is
/// left far behind, because others came in between, costs only the steps from there: who gives it pays for
/// them.
library DisjointRanges {
    /// Stands before the first range and behind the last. No range begins here: its end would not fit.
    uint64 internal constant START = type(uint64).max;

    /// @notice One slot a range, found by its first number; the one of START closes the ring.
    /// @dev Neighbours are kept as complements, so that storage never written says START.
    struct Range {
        uint64 end;
        uint64 nextInverted;
        uint64 previousInverted;
    }

    struct Line {
        mapping(uint64 first => Range) ranges;
    }

    /// @notice No range begins at the hint, or it begins behind the place.
    error HintUnfit(uint64 hint);
    /// @notice The numbers [first, end) are taken already, and some of the new ones are among them.
    error RangeTaken(uint64 first, uint64 end);

    /// @notice Takes [first, end). The caller sees to first < end.
    /// @dev Reverts HintUnfit, RangeTaken.
    function insert(Line storage line, uint64 first, uint64 end, uint64 hint) internal {
        bool fit = hint == START || (hint <= first && line.ranges[hint].end != 0);
        require(fit, HintUnfit(hint));
        (uint64 previous, uint64 next) = neighbours(line, first, hint);
        // The range of START is empty (end 0) and lies behind every end, so neither needs a case of its own.
        uint64 previousEnd = line.ranges[previous].end;
        require(previousEnd <= first, RangeTaken(previous, previousEnd));
        require(next >= end, RangeTaken(next, line.ranges[next].end));

        line.ranges[first] = Range(end, ~next, ~previous);
        line.ranges[previous].nextInverted = ~first;
        line.ranges[next].previousInverted = ~first;
    }

    /// @notice Gives [newEnd, end) of the range at `first` free; nothing is left of it where newEnd = first.
    /// @dev The caller sees to it that the range is there and newEnd within it.
    function shrink(Line storage line, uint64 first, uint64 newEnd) internal {
        if (newEnd > first) {
            line.ranges[first].end = newEnd;
            return;
        }
        Range memory gone = line.ranges[first];
        delete line.ranges[first];
        line.ranges[~gone.previousInverted].nextInverted = gone.nextInverted;
        line.ranges[~gone.nextInverted].previousInverted = gone.previousInverted;
    }

    /// @notice The last range that begins at or before `first`, or START, and the one after it, or START.
    /// Walks from the hint.
    function neighbours(
        Line storage line,
        uint64 first,
        uint64 hint
    ) internal view returns (uint64 previous, uint64 next) {
        previous = hint;
        next = ~line.ranges[previous].nextInverted;
        while (next <= first && next != START) {
            previous = next;
            next = ~line.ranges[previous].nextInverted;
        }
    }
}
