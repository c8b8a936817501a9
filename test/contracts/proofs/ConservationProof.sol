// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../../../contracts/libraries/Accounting.sol";
import {BatchAccount} from "../../../contracts/types/Batch.sol";

/// @title The laws of a batch's books, for the SMTChecker (npm run prove): by induction over all calls in any
/// order.
/// @notice The laws hold at commit, and every function of the accounting that the batch registry calls keeps
/// them, from any books at all in which they hold and with any arguments. So they hold after any sequence of
/// calls; the registry allows fewer (once only, in order, not while suspended). Beside the books run two
/// counts in the words of the batch format that the books don't keep: what is unminted and what circulates.
contract ConservationProof {
    BatchAccount private account;
    uint64 private unmintedMg;
    uint64 private circulatingMg;

    /// @dev Any books in which the laws hold, before a call.
    modifier fromAnyLawful(BatchAccount calldata books, uint64 unminted, uint64 circulating) {
        (account, unmintedMg, circulatingMg) = (books, unminted, circulating);
        require(lawful());
        _;
        inv();
    }

    /// A total is below 2^63, as the registry checks.
    function commit(uint64 totalMg, uint64 bufferMg) external {
        require(totalMg < 1 << 63);
        account = Accounting.commit(totalMg, bufferMg);
        (unmintedMg, circulatingMg) = (totalMg, 0);
        inv();
    }

    function mint(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating,
        uint64 bufferMg
    ) external fromAnyLawful(books, unminted, circulating) {
        (BatchAccount memory changed, uint64 milligrams) = Accounting.mintMain(account, bufferMg);
        account = changed;
        unmintedMg -= milligrams;
        circulatingMg += milligrams;
    }

    function mintRest(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating
    ) external fromAnyLawful(books, unminted, circulating) {
        (BatchAccount memory changed, uint64 milligrams) = Accounting.mintRest(account);
        account = changed;
        unmintedMg -= milligrams;
        circulatingMg += milligrams;
    }

    function strike(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating,
        uint64 milligrams
    ) external fromAnyLawful(books, unminted, circulating) {
        account = Accounting.strike(account, milligrams);
        unmintedMg -= milligrams < unmintedMg ? milligrams : unmintedMg;
    }

    function retire(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating,
        uint64 milligrams
    ) external fromAnyLawful(books, unminted, circulating) {
        (BatchAccount memory changed, uint64 start, uint64 end) = Accounting.retire(account, milligrams);
        account = changed;
        circulatingMg -= end - start;
    }

    function cureByBurning(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating,
        uint64 milligrams
    ) external fromAnyLawful(books, unminted, circulating) {
        account = Accounting.cureByBurning(account, milligrams);
        circulatingMg -= milligrams;
    }

    function cureByReplacing(
        BatchAccount calldata books,
        uint64 unminted,
        uint64 circulating,
        uint64 milligrams
    ) external fromAnyLawful(books, unminted, circulating) {
        account = Accounting.cureByReplacing(account, milligrams);
    }

    function inv() private view {
        // total + shortfall + replaced = minted + unminted + struck
        assert(conserved());
        // minted = circulating + retired, so retired <= minted
        assert(account.mintedMg == uint256(circulatingMg) + account.retiredMg);
        assert(uint256(account.shortfallMg) + account.replacedMg <= account.struckMg);
        assert(account.struckMg <= account.totalMg);
        assert(account.mintedMg <= account.totalMg);
        // Nothing is owed while anything is unminted: that pays first.
        assert(account.shortfallMg == 0 || unmintedMg == 0);
        assert(account.totalMg < 1 << 63);
        // What the books derive is what the rules count.
        assert(Accounting.unminted(account) == unmintedMg);
    }

    function lawful() private view returns (bool) {
        return
            conserved() &&
            account.mintedMg == uint256(circulatingMg) + account.retiredMg &&
            uint256(account.shortfallMg) + account.replacedMg <= account.struckMg &&
            account.struckMg <= account.totalMg &&
            account.mintedMg <= account.totalMg &&
            (account.shortfallMg == 0 || unmintedMg == 0) &&
            account.totalMg < 1 << 63;
    }

    function conserved() private view returns (bool) {
        uint256 claims = uint256(account.totalMg) + account.shortfallMg + account.replacedMg;
        return claims == uint256(account.mintedMg) + unmintedMg + account.struckMg;
    }
}
