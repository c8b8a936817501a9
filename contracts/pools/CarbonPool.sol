// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {PermissionedERC20} from "../tokens/PermissionedERC20.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICarbonPool} from "../interfaces/ICarbonPool.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRetirementRegistry} from "../interfaces/IRetirementRegistry.sol";
import {Serials} from "../libraries/Serials.sol";
import {ShortenedArray} from "../libraries/ShortenedArray.sol";
import {Succession} from "../libraries/Succession.sol";
import {Provenance} from "../types/Batch.sol";
import {BatchId, NO_BATCH} from "../types/BatchId.sol";
import {Day} from "../types/Day.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {PoolAmount, PoolEntry, PoolTerms} from "../types/Pool.sol";
import {RetirementAmount, RetirementRequest} from "../types/Retirement.sol";
import {BasketOrder} from "./BasketOrder.sol";
import {PoolRules} from "./PoolRules.sol";

/// @title A basket of batches behind one share token. See ICarbonPool.
contract CarbonPool is PoolRules, PermissionedERC20, ReentrancyGuardTransient {
    using BasketOrder for BasketOrder.Order;
    using ShortenedArray for BatchId[];
    using ShortenedArray for uint256[];

    /// @notice The other contracts of the deployment.
    struct Links {
        IParticipantRegistry participants;
        IBatchRegistry batches;
        ICarbonCredit credit;
        IRetirementRegistry retirements;
    }

    IRetirementRegistry public immutable retirements;

    bool public depositsClosed;
    mapping(BatchId batchId => PoolEntry) private entries;
    BasketOrder.Order private order;

    constructor(
        address manager,
        Links memory links,
        string memory name_,
        string memory symbol_,
        PoolTerms memory terms_
    )
        PermissionedERC20(manager, links.participants, name_, symbol_)
        PoolRules(links.batches, links.credit, terms_)
    {
        require(address(links.retirements) != address(0), ZeroDependency());
        retirements = links.retirements;
    }

    /// @inheritdoc ICarbonPool
    function deposit(BatchId batchId, Milligrams milligrams) external nonReentrant {
        PoolEntry storage entry = entries[batchId];
        require(entry.admitted, BatchNotAdmitted(batchId));
        depositAdmitted(batchId, entry, milligrams);
    }

    /// @inheritdoc ICarbonPool
    function admitAndDeposit(
        BatchId batchId,
        Milligrams milligrams,
        Provenance calldata provenance
    ) external nonReentrant {
        PoolEntry storage entry = entries[batchId];
        if (!entry.admitted) {
            Day vintageEndDay = checkBatch(batchId, provenance);
            (entry.admitted, entry.vintageEndDay) = (true, vintageEndDay);
            emit BatchAdmitted(batchId, vintageEndDay);
        }
        depositAdmitted(batchId, entry, milligrams);
    }

    /// @inheritdoc ICarbonPool
    function redeem(BatchId batchId, Milligrams milligrams) external nonReentrant {
        uint256 amount = giveUp(batchId, milligrams);
        pay(amount, choiceFeeUp(milligrams));

        credit.safeTransferFrom(address(this), msg.sender, BatchId.unwrap(batchId), amount, "");
    }

    /// @inheritdoc ICarbonPool
    function redeemBatches(PoolAmount[] calldata amounts) external nonReentrant {
        uint256 count = amounts.length;
        uint256[] memory ids = new uint256[](count);
        uint256[] memory values = new uint256[](count);
        uint256 total = 0;
        uint256 feeMg = 0;
        BatchId previous = NO_BATCH;
        for (uint256 i = 0; i < count; ++i) {
            (BatchId batchId, Milligrams milligrams) = (amounts[i].batchId, amounts[i].milligrams);
            require(batchId > previous, BatchesNotAscending(previous, batchId));
            uint256 amount = giveUp(batchId, milligrams);
            (ids[i], values[i]) = (BatchId.unwrap(batchId), amount);
            total += amount;
            feeMg += choiceFeeUp(milligrams);
            previous = batchId;
        }
        pay(total, feeMg);

        send(ids, values);
    }

    /// @inheritdoc ICarbonPool
    function redeemOldest(Milligrams milligrams, uint256 maxBatches) external nonReentrant {
        (uint256[] memory ids, uint256[] memory values) = giveUpOldest(milligrams, maxBatches);
        pay(Serials.toBaseUnits(milligrams), 0);

        send(ids, values);
    }

    /// @inheritdoc ICarbonPool
    function retire(RetirementRequest calldata request) external nonReentrant returns (bytes32 retirementId) {
        // Nothing reaches the caller, so the credits don't ask whether it may receive.
        require(participants.isActive(msg.sender), ERC7943CannotSend(msg.sender));
        uint256 total = 0;
        uint256 feeMg = 0;
        // The retirement registry wants batch ids strictly ascending too.
        for (uint256 i = 0; i < request.amounts.length; ++i) {
            RetirementAmount calldata amount = request.amounts[i];
            total += giveUp(BatchId.wrap(amount.batchId), amount.milligrams);
            feeMg += choiceFeeUp(amount.milligrams);
        }
        pay(total, feeMg);

        return retirements.retireFromPool(msg.sender, request);
    }

    /// @inheritdoc ICarbonPool
    function requeue(BatchId batchId) external nonReentrant {
        PoolEntry storage entry = entries[batchId];
        bool queued = !credit.isSuspended(BatchId.unwrap(batchId));
        require(queued != entry.queued && heldOf(batchId) > 0, NothingToRequeue(batchId));
        if (queued) enqueue(batchId, entry);
        else dequeue(entry);
        emit Requeued(batchId, queued);
    }

    /// @inheritdoc ICarbonPool
    function collectFees() external {
        address collector = Succession.currentOf(participants, feeCollector);
        uint256 shares = balanceOf(address(this));
        emit FeesCollected(collector, shares);
        _transfer(address(this), collector, shares);
    }

    /// @inheritdoc ICarbonPool
    function setDepositsClosed(bool closed) external restricted {
        depositsClosed = closed;
        emit DepositsClosedSet(closed);
    }

    /// @inheritdoc IERC1155Receiver
    function onERC1155Received(
        address operator,
        address,
        uint256,
        uint256,
        bytes calldata
    ) external view returns (bytes4) {
        // Only a deposit has the pool itself move credits in.
        require(msg.sender == address(credit) && operator == address(this), DepositsOnly());
        return IERC1155Receiver.onERC1155Received.selector;
    }

    /// @inheritdoc IERC1155Receiver
    function onERC1155BatchReceived(
        address,
        address,
        uint256[] calldata,
        uint256[] calldata,
        bytes calldata
    ) external pure returns (bytes4) {
        revert DepositsOnly();
    }

    /// @inheritdoc ICarbonPool
    function entryOf(BatchId batchId) external view returns (PoolEntry memory) {
        return entries[batchId];
    }

    /// @inheritdoc ICarbonPool
    function oldest(uint256 maxBatches) external view returns (BatchId[] memory batchIds) {
        batchIds = new BatchId[](maxBatches);
        uint256 count = 0;
        BasketOrder.Cursor memory cursor;
        while (count < maxBatches) {
            BatchId batchId = order.next(cursor);
            if (batchId == NO_BATCH) break;
            batchIds[count++] = batchId;
        }
        batchIds.shorten(count);
    }

    function supportsInterface(
        bytes4 interfaceId
    ) public view override(PermissionedERC20, IERC165) returns (bool) {
        return interfaceId == type(IERC1155Receiver).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Fees leave while paused; everything else that must go on is no transfer.
    function movesWhilePaused(uint32 fromKinds, uint32) internal pure override returns (bool) {
        return fromKinds & ParticipantKinds.POOL != 0;
    }

    /// @dev Everything of a deposit of an admitted batch.
    function depositAdmitted(BatchId batchId, PoolEntry storage entry, Milligrams milligrams) private {
        require(!depositsClosed, DepositsClosed());
        require(Milligrams.unwrap(milligrams) > 0, AmountZero(batchId));
        uint256 amount = Serials.toBaseUnits(milligrams);
        checkDeposit(batchId, entry.vintageEndDay, amount, totalSupply());

        if (!entry.queued) enqueue(batchId, entry);
        // Not `_mint`: whether the caller may hold anything is asked by the credits that it sends.
        ERC20._update(address(0), msg.sender, amount);

        credit.safeTransferFrom(msg.sender, address(this), BatchId.unwrap(batchId), amount, "");
    }

    /// @dev Books credits of one batch out.
    function giveUp(BatchId batchId, Milligrams milligrams) private returns (uint256 amount) {
        require(Milligrams.unwrap(milligrams) > 0, AmountZero(batchId));
        amount = Serials.toBaseUnits(milligrams);
        uint256 held = heldOf(batchId);
        require(
            amount <= held,
            HoldingTooSmall(batchId, milligrams, held / Serials.BASE_UNITS_PER_MILLIGRAM)
        );
        if (amount == held) dequeue(entries[batchId]);
    }

    /// @dev Books credits of the oldest batches out that are not suspended.
    function giveUpOldest(
        Milligrams milligrams,
        uint256 maxBatches
    ) private returns (uint256[] memory ids, uint256[] memory values) {
        ids = new uint256[](maxBatches);
        values = new uint256[](maxBatches);
        uint256 count = 0;
        uint256 seen = 0;
        uint64 left = Milligrams.unwrap(milligrams);
        BasketOrder.Cursor memory cursor;
        for (; left > 0 && seen < maxBatches; ++seen) {
            BatchId batchId = order.next(cursor);
            if (batchId == NO_BATCH) break;
            if (credit.isSuspended(BatchId.unwrap(batchId))) continue;
            // Below 2^63, as every mass of a batch.
            uint64 part = uint64(Math.min(left, heldOf(batchId) / Serials.BASE_UNITS_PER_MILLIGRAM));
            (ids[count], values[count]) = (BatchId.unwrap(batchId), giveUp(batchId, Milligrams.wrap(part)));
            ++count;
            left -= part;
        }
        require(left == 0, OldestTooSmall(Milligrams.wrap(left)));
        ids.shorten(count);
        values.shorten(count);
    }

    /// @dev The caller's shares for what leaves are burned; its fee becomes shares of the pool's own. Not
    /// `_burn` and `_transfer`: whether the caller may act was asked, and neither a pause nor a pool that
    /// takes no shares stops the way out. Its freeze holds.
    function pay(uint256 amount, uint256 feeMg) private {
        uint256 fee = feeMg * Serials.BASE_UNITS_PER_MILLIGRAM;
        uint256 free = unfrozenOf(msg.sender);
        // More than the balance is for ERC-20 to refuse.
        bool held = amount + fee <= free || amount + fee > balanceOf(msg.sender);
        require(held, ERC7943InsufficientUnfrozenBalance(msg.sender, amount + fee, free));
        ERC20._update(msg.sender, address(0), amount);
        if (fee > 0) ERC20._update(msg.sender, address(this), fee);
    }

    function send(uint256[] memory ids, uint256[] memory values) private {
        require(ids.length > 0, AmountsMissing());
        credit.safeBatchTransferFrom(address(this), msg.sender, ids, values, "");
    }

    function enqueue(BatchId batchId, PoolEntry storage entry) private {
        entry.position = order.add(entry.vintageEndDay, batchId);
        entry.queued = true;
    }

    function dequeue(PoolEntry storage entry) private {
        // It left the order while suspended.
        if (!entry.queued) return;
        uint32 position = entry.position;
        BatchId moved = order.remove(entry.vintageEndDay, position);
        if (moved != NO_BATCH) entries[moved].position = position;
        entry.queued = false;
    }
}
