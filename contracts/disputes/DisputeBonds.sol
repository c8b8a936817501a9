// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {IMethodologyRegistry} from "../interfaces/IMethodologyRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Succession} from "../libraries/Succession.sol";
import {Batch, DisputeKind} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {DisputeTerms} from "../types/Dispute.sol";
import {LeafIndex} from "../types/LeafIndex.sol";

/// @title What all disputes share: the other contracts, the terms, bonds and what is owed. See
/// IBatchDisputes.
abstract contract DisputeBonds is IBatchDisputes, AccessManaged, EIP712 {
    using SafeERC20 for IERC20;

    /// @notice The other contracts of the deployment.
    struct Links {
        IBatchRegistry batches;
        IParticipantRegistry participants;
        IMethodologyRegistry methodologies;
        IERC20 cash;
    }

    IBatchRegistry public immutable batches;
    IParticipantRegistry public immutable participants;
    IMethodologyRegistry public immutable methodologies;
    IERC20 public immutable cash;

    DisputeTerms private currentTerms;
    mapping(address account => uint256 amount) private owed;

    constructor(
        address manager,
        Links memory links,
        DisputeTerms memory terms_
    ) AccessManaged(manager) EIP712("Microtonne BatchDisputes", "1") {
        bool complete =
            address(links.batches) != address(0) &&
                address(links.participants) != address(0) &&
                address(links.methodologies) != address(0) &&
                address(links.cash) != address(0);
        require(complete, ZeroDependency());
        batches = links.batches;
        participants = links.participants;
        methodologies = links.methodologies;
        cash = links.cash;
        applyTerms(terms_);
    }

    /// @inheritdoc IBatchDisputes
    function setTerms(DisputeTerms calldata terms_) external restricted {
        applyTerms(terms_);
    }

    /// @inheritdoc IBatchDisputes
    function withdraw(address account) external returns (uint256 amount) {
        amount = owed[account];
        require(amount > 0, NothingOwed(account));
        address to = walletOf(account);

        delete owed[account];
        emit Withdrawn(account, to, amount);

        cash.safeTransfer(to, amount);
    }

    /// @inheritdoc IBatchDisputes
    function owedTo(address account) external view returns (uint256) {
        return owed[account];
    }

    /// @inheritdoc IBatchDisputes
    function terms() public view returns (DisputeTerms memory) {
        return currentTerms;
    }

    /// @dev The last step of a call: charges the caller a bond.
    function chargeBond(uint256 bond) internal {
        if (bond > 0) cash.safeTransferFrom(msg.sender, address(this), bond);
    }

    function owe(address account, uint256 amount) internal {
        if (amount == 0) return;
        owed[account] += amount;
        emit Owed(account, amount);
    }

    /// @dev Calls of the registry have one place each, here and below: they are what this contract's size is
    /// made of.
    function strike(BatchId batchId, LeafIndex index, uint64 start, uint64 end) internal {
        batches.strike(batchId, index, start, end);
    }

    function closeDispute(BatchId batchId, DisputeKind kind) internal {
        batches.closeDispute(batchId, kind);
    }

    function suspend(BatchId batchId, uint8 causes) internal {
        batches.suspend(batchId, causes);
    }

    function reinstate(BatchId batchId, uint8 causes) internal {
        batches.reinstate(batchId, causes);
    }

    function openDispute(BatchId batchId, DisputeKind kind) internal {
        batches.openDispute(batchId, kind);
    }

    function batchOf(BatchId batchId) internal view returns (Batch memory) {
        return batches.batchOf(batchId);
    }

    function isStruck(BatchId batchId, LeafIndex index) internal view returns (bool) {
        return batches.isStruck(batchId, index);
    }

    function quorumOf(bytes8 region) internal view returns (uint8 threshold, uint8 verifierSet) {
        return batches.quorumOf(region);
    }

    /// @dev Has one place, too, as the calls of the batch registry.
    function walletOf(address account) internal view returns (address) {
        return Succession.currentOf(participants, account);
    }

    function applyTerms(DisputeTerms memory terms_) private {
        require(terms_.responseSeconds > 0 && terms_.rulingSeconds > 0, TermsIncomplete());
        currentTerms = terms_;
        emit TermsSet(terms_);
    }
}
