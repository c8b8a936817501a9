// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchAccount} from "../types/Batch.sol";

/// @title Bookkeeping of one batch in whole milligrams.
/// @notice Keeps `total + shortfall + replaced = minted + unminted + struck` and `retired <= minted` in every function.
/// Source: batch format, "Accounting of a batch on chain".
/// @dev No assembly, no storage and no dependency, so that the SMTChecker can read it.
library Accounting {
    /// @notice The buffer cannot be held back: more than is left of the total.
    error BufferExceedsMintable(uint64 bufferMilligrams, uint64 mintableMilligrams);
    /// @notice Fewer milligrams of the batch are in circulation than asked for.
    error RetirementExceedsMinted(uint64 milligrams, uint64 availableMilligrams);

    /// @notice A freshly committed batch: everything is unminted.
    /// @dev Reverts BufferExceedsMintable.
    function open(uint64 totalMg, uint64 bufferMg) internal pure returns (BatchAccount memory account) {
        require(bufferMg <= totalMg, BufferExceedsMintable(bufferMg, totalMg));
        account.totalMg = totalMg;
        account.unmintedMg = totalMg;
    }

    /// @notice What the one mint of a batch brings into circulation: everything unminted but the buffer. Before it, unminted = total - struck.
    /// @return milligrams The caller moves them from unminted to minted.
    /// @dev Reverts BufferExceedsMintable. Takes numbers and no account, since reading the account's second word would cost 2,100 gas.
    function mintable(uint64 unmintedMg, uint64 bufferMg) internal pure returns (uint64 milligrams) {
        require(bufferMg <= unmintedMg, BufferExceedsMintable(bufferMg, unmintedMg));
        milligrams = unmintedMg - bufferMg;
    }

    /// @notice Uses up the next serial range [start, end) at the cursor.
    /// @dev Reverts RetirementExceedsMinted.
    function retire(BatchAccount memory account, uint64 milligrams) internal pure returns (uint64 start, uint64 end) {
        start = account.retiredMg;
        uint64 available = account.mintedMg - start;
        require(milligrams <= available, RetirementExceedsMinted(milligrams, available));
        end = start + milligrams;
        account.retiredMg = end;
    }

    /// @notice The identity that holds at all times, with `retired <= minted`. Sums in 256 bits, so that it cannot wrap.
    function isBalanced(BatchAccount memory account) internal pure returns (bool) {
        uint256 claims = uint256(account.totalMg) + account.shortfallMg + account.replacedMg;
        uint256 uses = uint256(account.mintedMg) + account.unmintedMg + account.struckMg;
        return claims == uses && account.retiredMg <= account.mintedMg;
    }
}
