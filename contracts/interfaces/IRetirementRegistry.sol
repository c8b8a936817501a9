// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {BatchId} from "../types/BatchId.sol";
import {LienTerms} from "../types/Lien.sol";
import {Retirement, RetirementRequest} from "../types/Retirement.sol";
import {IERC5192} from "./IERC5192.sol";

/// @title Retires credits for good and keeps the hash of each record.
/// @notice Each retirement has a certificate (ERC-721) of id uint256(retirementId), locked for good
/// (ERC-5192): transfers and approvals revert, only the recovery of a wallet moves it. `tokenURI` is a data
/// URI with the record's hash, which nobody can change. A retirement is found by serial through
/// `SerialsRetired` and checked by `covers`: an index on chain would double the price of a line. Source:
/// batch format, "Accounting of a batch on chain" and "Proof file"; ERC-5192.
interface IRetirementRegistry is IERC721, IERC5192 {
    error RetirementKnown(bytes32 retirementId);
    /// @notice 1 to 5, see `RetirementRequest`; 6 for `replaceShortfall`.
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

    /// @notice The caller is no active participant of the kind that this needs (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice The holder did not approve the caller for its credits (ERC-1155 `setApprovalForAll`).
    error CallerNotApproved(address caller, address holder);
    /// @notice An order names its document.
    error OrderMissing();
    /// @notice One list of liens for each amount.
    error LienListsMismatch(uint256 amounts, uint256 lienLists);
    /// @notice The holder for whom a pool retires is no active participant.
    error HolderNotActive(address holder);
    /// @notice Certificates never move, except by recovery of a wallet.
    error CertificateLocked(uint256 certificateId);
    /// @notice No certificate ever moves by approval.
    error CertificatesLocked();
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);

    /// @notice `source`: whose credits they were: the holder itself, or a pool.
    event Retired(
        bytes32 indexed retirementId,
        address indexed holder,
        address indexed source,
        Retirement retirement
    );
    /// @notice Serial milligrams [start, end) of an id. Of one id they come in ascending order without gaps,
    /// so that the retirement of a position is found by bisection: the first whose `end` is above it.
    event SerialsRetired(uint256 indexed batchId, bytes32 indexed retirementId, uint64 start, uint64 end);
    /// @notice By a regulator's order, whose hash is the record's `documentHash`.
    event RetiredByOrder(bytes32 indexed retirementId, address indexed regulator);

    /// @notice Retires credits of the caller. Final. Each line takes the next serial range of its batch. The
    /// caller gets the certificate.
    /// @return retirementId keccak256(abi.encode(caller, nonce)): nobody else can take it first.
    /// @dev Reverts RetirementKnown, PurposeOutOfRange, CountryMalformed, ReportingYearMissing,
    /// BeneficiaryMissing, AmountsMissing, AmountZero, BatchesNotAscending, BatchNotMinted, BatchSuspended,
    /// BatchExpired, RetirementExceedsMinted, and as `ICarbonCredit.burnForRetirement`.
    function retire(RetirementRequest calldata request) external returns (bytes32 retirementId);

    /// @notice Retires credits of a holder that approved the caller (ERC-1155 `setApprovalForAll`). Record,
    /// certificate and id are the holder's.
    /// @dev Reverts CallerNotApproved, and as `retire`.
    function retireFor(
        address holder,
        RetirementRequest calldata request
    ) external returns (bytes32 retirementId);

    /// @notice Retires credits of the calling pool for a holder of its shares. Record, certificate and id are
    /// the holder's. Pools only.
    /// @dev Reverts CallerNotEntitled, HolderNotActive, and as `retire`.
    function retireFromPool(
        address holder,
        RetirementRequest calldata request
    ) external returns (bytes32 retirementId);

    /// @notice Retires credits of `holder` by a regulator's order: freezes give way, the liens named are
    /// released, others hold. Refused while a batch is suspended or once it expired. The caller is of kind
    /// regulator; `documentHash` is the order's, not 0; the id is bound to caller and nonce, record and
    /// certificate are the holder's. Serials name whole milligrams, so an order does too; `type(uint64).max`
    /// milligrams stand for the whole balance as it is then, rounded down: a holder can't dodge the order by
    /// moving a part away before it.
    /// @param released One list an amount: terms of the liens to be released.
    /// @dev Reverts CallerNotEntitled, OrderMissing, LienListsMismatch, AmountZero for a balance below a
    /// milligram, and as `retire` and `ICarbonCredit.burnByOrder`.
    function retireByOrder(
        address holder,
        RetirementRequest calldata request,
        LienTerms[][] calldata released
    ) external returns (bytes32 retirementId);

    /// @notice `retire` for units of other registries; `batchId` in amounts and lines is their id
    /// (`IExternalUnits`).
    /// @dev Reverts as `retire` and `IExternalUnits.recordRetirement`.
    function retireExternal(RetirementRequest calldata request) external returns (bytes32 retirementId);

    /// @notice `retireFor` for units of other registries. Reverts as `retireFor` and `retireExternal`.
    function retireExternalFor(
        address holder,
        RetirementRequest calldata request
    ) external returns (bytes32 retirementId);

    /// @notice `retireByOrder` for units of other registries. Reverts as `retireByOrder` and
    /// `retireExternal`.
    function retireExternalByOrder(
        address holder,
        RetirementRequest calldata request,
        LienTerms[][] calldata released
    ) external returns (bytes32 retirementId);

    /// @notice The operator of a batch with a shortfall retires equal grams that it holds of other batches
    /// (purpose 6), to make it good.
    /// @dev Reverts as `retire` and `IBatchRegistry.recordReplacement`.
    function replaceShortfall(
        BatchId batchId,
        RetirementRequest calldata request
    ) external returns (bytes32 retirementId);

    /// @notice Lets certificates follow a recovered wallet, ids unchanged. Anybody calls. Reverts
    /// NotRecovered, ERC721IncorrectOwner.
    function recoverCertificates(address lost, uint256[] calldata certificateIds) external;

    /// @notice keccak256(abi.encode(record)) of a `Retirement`; 0 where unknown.
    function recordHashOf(bytes32 retirementId) external view returns (bytes32);

    /// @notice The id that a holder's nonce leads to.
    function retirementIdOf(address holder, bytes32 nonce) external pure returns (bytes32);

    /// @notice True where this is the whole record of a retirement here, and one of its lines has this serial
    /// position of the batch.
    function covers(
        Retirement calldata retirement,
        uint256 batchId,
        uint64 position
    ) external view returns (bool);
}
