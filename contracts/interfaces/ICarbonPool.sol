// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {Provenance} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {Day} from "../types/Day.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {PoolAmount, PoolEntry, PoolTerms} from "../types/Pool.sol";
import {RetirementRequest} from "../types/Retirement.sol";
import {IPermissionedERC20} from "./IPermissionedERC20.sol";

/// @title A basket of batches behind one share token: 18 decimals, one base unit of shares for each base unit
/// of credits, always.
/// @notice There is no share price, so nothing that is sent here or left here changes what a share is worth.
/// The terms never change; the access manager can close a pool to deposits, and nothing closes the way out.
/// Who chooses batches pays a fee, who takes the oldest doesn't. A suspended batch stays where it is, out of
/// reach, and the rest goes on. Masses are whole milligrams. A deposit shows as the tokens' own events:
/// credits to the pool, shares minted; a redemption as credits to the account, shares burned, and the fee as
/// shares from the account to the pool; a retirement as shares burned, and `Retired` with the pool as its
/// source. Source: architecture, "Contracts"; batch format, "Accounting of a batch on chain"; ERC-7943
/// Fungible.
interface ICarbonPool is IPermissionedERC20, IERC1155Receiver {
    /// @notice Methodologies (at least one) and regions must be strictly ascending.
    error ListNotAscending();
    /// @notice The first year is after the last, or that one after 2148.
    error YearsOutOfRange(uint16 firstYear, uint16 lastYear);
    /// @notice 1 to 10,000.
    error CapOutOfRange(uint16 capBps);
    /// @notice 0 to 10,000.
    error FeeOutOfRange(uint16 choiceFeeBps);
    /// @notice A fee needs somebody who gets it.
    error FeeCollectorMissing();

    error DepositsClosed();
    /// @notice First deposit of a batch: bring its provenance along (`admitAndDeposit`).
    error BatchNotAdmitted(BatchId batchId);
    /// @notice These are not the attesters and methodologies that the batch was committed with, or it is no
    /// batch.
    error ProvenanceMismatch(BatchId batchId);
    error MethodologyNotAdmitted(BatchId batchId, bytes32 methodologyId);
    error RegionNotAdmitted(BatchId batchId, bytes8 region);
    error VintageNotAdmitted(BatchId batchId, uint256 year);
    /// @notice No deposits while a dispute about the batch is open.
    error BatchDisputed(BatchId batchId);
    error TooFewAttesters(BatchId batchId, uint256 attesters, uint8 needed);
    /// @notice Days since 1970-01-01: end of the vintage, and last day on which the batch could be deposited.
    error BatchTooOld(BatchId batchId, uint256 vintageEndDay, uint256 lastDay);
    /// @notice More of one batch than the pool may hold after this deposit, both in base units.
    error ConcentrationExceeded(BatchId batchId, uint256 held, uint256 cap);
    error AmountZero(BatchId batchId);
    /// @notice There is nothing to take out.
    error AmountsMissing();
    /// @notice The pool holds less of this batch.
    error HoldingTooSmall(BatchId batchId, Milligrams milligrams, uint256 heldMg);
    /// @notice Batch ids must be strictly ascending, so that each batch is named once.
    error BatchesNotAscending(BatchId previousBatchId, BatchId batchId);
    /// @notice So many milligrams were not found in the oldest `maxBatches` batches that are not suspended.
    error OldestTooSmall(Milligrams missingMg);
    /// @notice Credits come in by `deposit` only.
    error DepositsOnly();
    /// @notice The batch stands where it belongs.
    error NothingToRequeue(BatchId batchId);

    /// @notice A batch met the terms and will not be asked again.
    event BatchAdmitted(BatchId indexed batchId, Day vintageEndDay);
    event FeesCollected(address indexed collector, uint256 shares);
    event DepositsClosedSet(bool closed);
    event Requeued(BatchId indexed batchId, bool queued);

    /// @notice Takes the caller's credits and gives it as many shares. The caller approved the pool on the
    /// credits (`setApprovalForAll`).
    /// @dev Reverts DepositsClosed, AmountZero, BatchNotAdmitted, BatchDisputed, BatchTooOld,
    /// ConcentrationExceeded, and as a transfer of the credits: ERC1155MissingApprovalForAll,
    /// ERC7943CannotSend, ERC7943CannotReceive, TransfersPaused, TransferSuspended,
    /// ERC7943InsufficientUnfrozenBalance, ERC1155InsufficientBalance.
    function deposit(BatchId batchId, Milligrams milligrams) external;

    /// @notice As `deposit`, of a batch that was not in the pool before: proves by what it was committed with
    /// that it meets the terms. Where somebody else was first, the provenance is not looked at.
    /// @dev Reverts as `deposit`, and ProvenanceMismatch, MethodologyNotAdmitted, RegionNotAdmitted,
    /// VintageNotAdmitted, TooFewAttesters.
    function admitAndDeposit(BatchId batchId, Milligrams milligrams, Provenance calldata provenance) external;

    /// @notice Gives the caller credits of a batch that it chooses, for as many of its shares and the fee. A
    /// pause does not stop it.
    /// @dev Reverts AmountZero, HoldingTooSmall, ERC20InsufficientBalance,
    /// ERC7943InsufficientUnfrozenBalance, and as a transfer of the credits: ERC7943CannotReceive,
    /// TransferSuspended.
    function redeem(BatchId batchId, Milligrams milligrams) external;

    /// @notice As `redeem`, several batches at once; the fee is rounded up for each.
    /// @param amounts Batch ids strictly ascending.
    /// @dev Reverts as `redeem`, AmountsMissing, BatchesNotAscending.
    function redeemBatches(PoolAmount[] calldata amounts) external;

    /// @notice Gives the caller credits of the oldest batches by the end of their vintage (of one day, in no
    /// order), for as many of its shares, without a fee. Suspended batches are passed over. A pause does not
    /// stop it.
    /// @param maxBatches Most batches to look at, so that the caller knows what it costs.
    /// @dev Reverts AmountsMissing, OldestTooSmall, and as `redeem`.
    function redeemOldest(Milligrams milligrams, uint256 maxBatches) external;

    /// @notice Retires credits of the batches that the caller chooses straight from the pool, for as many of
    /// its shares and the fee, which is that of `redeem`: who retires chooses, too. Record and certificate
    /// are the caller's.
    /// @dev Reverts as `redeem`, ERC7943CannotSend, BatchSuspended for a suspended batch, and as
    /// `IRetirementRegistry.retireFromPool`.
    function retire(RetirementRequest calldata request) external returns (bytes32 retirementId);

    /// @notice Takes a suspended batch out of the order, so that nobody pays for passing it over, or puts one
    /// back that moves again. Anybody calls.
    /// @dev Reverts NothingToRequeue.
    function requeue(BatchId batchId) external;

    /// @notice Sends the fees paid so far to the collector, or to the wallet that took its place. Anybody
    /// calls. They are shares that the pool holds itself, so that a collector who can't receive never stops a
    /// redemption.
    /// @dev Reverts ERC7943CannotReceive.
    function collectFees() external;

    /// @notice Stops deposits, or resumes them. Restricted by the access manager.
    function setDepositsClosed(bool closed) external;

    function depositsClosed() external view returns (bool);

    /// @notice All zero for a batch that never was here.
    function entryOf(BatchId batchId) external view returns (PoolEntry memory);

    /// @notice Shares in milligrams that who chooses so much of one batch pays on top.
    function choiceFeeUp(Milligrams milligrams) external view returns (uint256 feeMg);

    /// @notice The batches from the oldest on, suspended ones too, at most `maxBatches`.
    function oldest(uint256 maxBatches) external view returns (BatchId[] memory batchIds);

    /// @notice Terms but for the lists, which are empty here: `admitsMethodology`, `admitsRegion`, and
    /// `ICarbonPoolFactory.PoolCreated` have them.
    function terms() external view returns (PoolTerms memory);

    function admitsMethodology(bytes32 methodologyId) external view returns (bool);

    function admitsRegion(bytes8 region) external view returns (bool);
}
