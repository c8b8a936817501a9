// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Retirement, RetirementRequest} from "../types/Retirement.sol";

/// @title Retires credits for good and keeps the hash of each record.
/// @notice The certificate id is uint256(retirementId). Source: batch format, "Accounting of a batch on chain" and "Proof file".
interface IRetirementRegistry {
    error RetirementKnown(bytes32 retirementId);
    /// @notice 1 to 5, see `RetirementRequest`.
    error PurposeOutOfRange(uint8 purpose);
    /// @notice Not two ASCII capitals.
    error CountryMalformed(bytes2 country);
    error ReportingYearMissing();
    error BeneficiaryMissing();
    /// @notice There is nothing to retire.
    error AmountsMissing();
    /// @notice An amount of a batch must be above zero.
    error AmountZero(uint256 batchId);
    /// @notice Batch ids must be strictly ascending, so that each batch has one line.
    error BatchesNotAscending(uint256 previousBatchId, uint256 batchId);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    event Retired(bytes32 indexed retirementId, address indexed holder, Retirement retirement);

    /// @notice Retires credits of the caller. Final. Each line takes the next serial range of its batch.
    /// @return retirementId keccak256(abi.encode(caller, nonce)): nobody else can take it first.
    /// @dev Reverts RetirementKnown, PurposeOutOfRange, CountryMalformed, ReportingYearMissing, BeneficiaryMissing, AmountsMissing,
    /// AmountZero, BatchesNotAscending, BatchNotMinted, RetirementExceedsMinted, HolderNotActive, ERC1155InsufficientBalance.
    function retire(RetirementRequest calldata request) external returns (bytes32 retirementId);

    /// @notice keccak256(abi.encode(record)) of a `Retirement`; 0 where unknown.
    function recordHashOf(bytes32 retirementId) external view returns (bytes32);

    /// @notice The id that a holder's nonce leads to.
    function retirementIdOf(address holder, bytes32 nonce) external pure returns (bytes32);
}
