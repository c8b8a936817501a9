// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../../../contracts/libraries/Accounting.sol";
import {BatchAccount} from "../../../contracts/types/Batch.sol";

/// @title Keeps one account between calls of the library, as a registry does. Each function changes the books
/// that it is given.
contract AccountingCaller {
    BatchAccount private kept;

    function commit(uint64 totalMg, uint64 bufferMg) external {
        kept = Accounting.commit(totalMg, bufferMg);
    }

    function mintMain(uint64 bufferMg) external {
        BatchAccount memory books = kept;
        Accounting.mintMain(books, bufferMg);
        kept = books;
    }

    function mintRest() external {
        BatchAccount memory books = kept;
        Accounting.mintRest(books);
        kept = books;
    }

    function retire(uint64 milligrams) external {
        BatchAccount memory books = kept;
        Accounting.retire(books, milligrams);
        kept = books;
    }

    function strike(uint64 milligrams) external {
        BatchAccount memory books = kept;
        Accounting.strike(books, milligrams);
        kept = books;
    }

    function cureByBurning(uint64 milligrams) external {
        BatchAccount memory books = kept;
        Accounting.cureByBurning(books, milligrams);
        kept = books;
    }

    function cureByReplacing(uint64 milligrams) external {
        BatchAccount memory books = kept;
        Accounting.cureByReplacing(books, milligrams);
        kept = books;
    }

    function account() external view returns (BatchAccount memory) {
        return kept;
    }

    function unminted() external view returns (uint64) {
        return Accounting.unminted(kept);
    }
}
