// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IRetirementRegistry} from "../interfaces/IRetirementRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Serials} from "../libraries/Serials.sol";
import {Retirement, RetirementAmount, RetirementLine, RetirementRequest} from "../types/Retirement.sol";
import {RetirementStorage} from "./RetirementStorage.sol";

/// @title Retires credits for good. See IRetirementRegistry.
contract RetirementRegistry is IRetirementRegistry, ReentrancyGuardTransient {
    uint8 private constant LAST_PURPOSE = 5;

    IBatchRegistry public immutable batches;
    ICarbonCredit public immutable credit;

    constructor(IBatchRegistry batches_, ICarbonCredit credit_) {
        require(address(batches_) != address(0) && address(credit_) != address(0), ZeroDependency());
        batches = batches_;
        credit = credit_;
    }

    /// @inheritdoc IRetirementRegistry
    function retire(RetirementRequest calldata request) external nonReentrant returns (bytes32 retirementId) {
        RetirementStorage.Layout storage $ = RetirementStorage.layout();
        checkClaim(request);
        checkAmounts(request.amounts);
        retirementId = retirementIdOf(msg.sender, request.nonce);
        require($.recordHashOf[retirementId] == 0, RetirementKnown(retirementId));

        Retirement memory retirement = Retirement({
            retirementId: retirementId,
            holder: msg.sender,
            beneficiaryHash: request.beneficiaryHash,
            documentHash: request.documentHash,
            purpose: request.purpose,
            reportingYear: request.reportingYear,
            country: request.country,
            retiredAt: uint64(block.timestamp),
            // The ranges are part of the record and only the cursors know them, so these calls come before the effect. They go to this
            // deployment's own contracts, which call nobody back, under the guard.
            lines: useUp(request.amounts)
        });

        $.recordHashOf[retirementId] = keccak256(abi.encode(retirement));
        emit Retired(retirementId, msg.sender, retirement);
    }

    /// @inheritdoc IRetirementRegistry
    function recordHashOf(bytes32 retirementId) external view returns (bytes32) {
        return RetirementStorage.layout().recordHashOf[retirementId];
    }

    /// @inheritdoc IRetirementRegistry
    function retirementIdOf(address holder, bytes32 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(holder, nonce));
    }

    function useUp(RetirementAmount[] calldata amounts) private returns (RetirementLine[] memory lines) {
        lines = new RetirementLine[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 batchId = amounts[i].batchId;
            uint64 milligrams = amounts[i].milligrams;
            (uint64 start, uint64 end) = batches.recordRetirement(batchId, milligrams);
            lines[i] = RetirementLine(batchId, start, end);
            credit.burnForRetirement(msg.sender, batchId, Serials.toBaseUnits(milligrams));
        }
    }

    function checkClaim(RetirementRequest calldata request) private pure {
        require(request.purpose > 0 && request.purpose <= LAST_PURPOSE, PurposeOutOfRange(request.purpose));
        require(CountryCode.isWellFormed(request.country), CountryMalformed(request.country));
        require(request.reportingYear != 0, ReportingYearMissing());
        require(request.beneficiaryHash != 0, BeneficiaryMissing());
    }

    function checkAmounts(RetirementAmount[] calldata amounts) private pure {
        require(amounts.length > 0, AmountsMissing());
        // Batch id 0 does not exist, so the first may be compared with it too.
        uint256 previous = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 batchId = amounts[i].batchId;
            require(batchId > previous, BatchesNotAscending(previous, batchId));
            require(amounts[i].milligrams > 0, AmountZero(batchId));
            previous = batchId;
        }
    }
}
