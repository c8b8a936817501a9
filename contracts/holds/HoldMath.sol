// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title The arithmetic of holds, all of it pure: what an owner, a creditor and an authority may take, and
/// what stands afterwards. Base units.
/// @notice held: Σ live liens and locks; frozen: what all authorities froze; prohibited: the part of frozen
/// of that class. Laws: held <= balance; free = balance less frozen and held, at least 0; frozen is a term of
/// no conservation law, and may exceed the balance. Proved by test/contracts/proofs/HoldsProof.sol.
library HoldMath {
    /// @notice More than may be taken.
    error AmountAboveLimit(uint256 amount, uint256 limit);

    /// @notice What the owner moves, retires, pledges or locks at most.
    function freeOf(uint256 balance, uint256 held, uint256 frozen) internal pure returns (uint256) {
        // Held has 96 bits, frozen 160.
        uint256 sum = held + frozen;
        return balance > sum ? balance - sum : 0;
    }

    /// @notice What deliveries and enforcement take at most: attachments rank behind what was held before.
    function enforceableOf(uint256 balance, uint256 prohibited) internal pure returns (uint256) {
        return balance > prohibited ? balance - prohibited : 0;
    }

    /// @notice What an authority takes at most: neither held units nor what others froze.
    /// @param own The part of frozen that this authority froze.
    function takeableOf(
        uint256 balance,
        uint256 held,
        uint256 frozen,
        uint256 own
    ) internal pure returns (uint256) {
        uint256 others = frozen - own;
        uint256 unheld = balance - held;
        return unheld > others ? unheld - others : 0;
    }

    /// @notice What is held after a lien or lock was placed on free units.
    function place(
        uint256 balance,
        uint256 held,
        uint256 frozen,
        uint256 amount
    ) internal pure returns (uint256) {
        uint256 free = freeOf(balance, held, frozen);
        require(amount <= free, AmountAboveLimit(amount, free));
        return held + amount;
    }

    /// @notice What is held after held units left the account.
    function deliver(
        uint256 balance,
        uint256 held,
        uint256 prohibited,
        uint256 amount
    ) internal pure returns (uint256) {
        uint256 limit = enforceableOf(balance, prohibited);
        require(amount <= limit, AmountAboveLimit(amount, limit));
        return held - amount;
    }

    /// @notice By how much an authority's own freeze goes down where it takes units: by what is not free
    /// otherwise.
    function take(
        uint256 balance,
        uint256 held,
        uint256 frozen,
        uint256 own,
        uint256 amount
    ) internal pure returns (uint256 lowered) {
        uint256 limit = takeableOf(balance, held, frozen, own);
        require(amount <= limit, AmountAboveLimit(amount, limit));
        uint256 free = freeOf(balance, held, frozen);
        lowered = amount > free ? amount - free : 0;
    }
}
