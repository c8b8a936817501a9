// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accounting} from "../../../contracts/libraries/Accounting.sol";
import {BatchAccount} from "../../../contracts/types/Batch.sol";

/// @title Keeps one account between calls of the library, as a registry does.
contract AccountingCaller {
    BatchAccount private kept;
    uint64 public lastStart;
    uint64 public lastEnd;

    function open(uint64 totalMg, uint64 bufferMg) external {
        kept = Accounting.open(totalMg, bufferMg);
    }

    function mintMain(uint64 bufferMg) external returns (uint64 milligrams) {
        BatchAccount memory account_ = kept;
        milligrams = Accounting.mintMain(account_, bufferMg);
        kept = account_;
    }

    function mintRest() external returns (uint64 milligrams) {
        BatchAccount memory account_ = kept;
        milligrams = Accounting.mintRest(account_);
        kept = account_;
    }

    function retire(uint64 milligrams) external {
        BatchAccount memory account_ = kept;
        (lastStart, lastEnd) = Accounting.retire(account_, milligrams);
        kept = account_;
    }

    function strike(uint64 milligrams) external {
        BatchAccount memory account_ = kept;
        Accounting.strike(account_, milligrams);
        kept = account_;
    }

    function cureByBurning(uint64 milligrams) external {
        BatchAccount memory account_ = kept;
        Accounting.cureByBurning(account_, milligrams);
        kept = account_;
    }

    function cureByReplacing(uint64 milligrams) external {
        BatchAccount memory account_ = kept;
        Accounting.cureByReplacing(account_, milligrams);
        kept = account_;
    }

    function account() external view returns (BatchAccount memory) {
        return kept;
    }

    function unminted() external view returns (uint64) {
        return Accounting.unminted(kept);
    }
}
