// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {PermissionedERC20} from "../credits/PermissionedERC20.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICarbonPool} from "../interfaces/ICarbonPool.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRetirementRegistry} from "../interfaces/IRetirementRegistry.sol";
import {Serials} from "../libraries/Serials.sol";
import {Succession} from "../libraries/Succession.sol";
import {Provenance} from "../types/Batch.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {PoolAmount, PoolHolding, PoolTerms} from "../types/Pool.sol";
import {RetirementAmount, RetirementRequest} from "../types/Retirement.sol";
import {BasketOrder} from "./BasketOrder.sol";
import {PoolRules} from "./PoolRules.sol";

/// @title A basket of batches behind one share token. See ICarbonPool.
contract CarbonPool is PoolRules, PermissionedERC20, ReentrancyGuardTransient {
    using BasketOrder for BasketOrder.Order;

    /// @notice The other contracts of the deployment.
    struct Links {
        IParticipantRegistry participants;
        IBatchRegistry batches;
        ICarbonCredit credit;
        IRetirementRegistry retirements;
    }

    ICarbonCredit public immutable credit;
    IRetirementRegistry public immutable retirements;

    bool public depositsClosed;
    mapping(uint256 batchId => PoolHolding) private holdings;
    BasketOrder.Order private order;

    constructor(
        address manager,
        Links memory links,
        string memory name_,
        string memory symbol_,
        PoolTerms memory terms_
    ) PermissionedERC20(manager, links.participants, name_, symbol_) PoolRules(links.batches, terms_) {
        require(address(links.credit) != address(0) && address(links.retirements) != address(0), ZeroDependency());
        credit = links.credit;
        retirements = links.retirements;
    }

    /// @inheritdoc ICarbonPool
    function deposit(uint256 batchId, uint64 milligrams) external nonReentrant {
        require(holdings[batchId].admitted, BatchNotAdmitted(batchId));
        take(batchId, milligrams);
    }

    /// @inheritdoc ICarbonPool
    function admitAndDeposit(uint256 batchId, uint64 milligrams, Provenance calldata provenance) external nonReentrant {
        PoolHolding storage holding = holdings[batchId];
        if (!holding.admitted) {
            uint32 vintageEndDay = checkBatch(batchId, provenance);
            (holding.admitted, holding.vintageEndDay) = (true, vintageEndDay);
            emit BatchAdmitted(batchId, vintageEndDay);
        }
        take(batchId, milligrams);
    }

    /// @inheritdoc ICarbonPool
    function redeem(PoolAmount[] calldata amounts) external nonReentrant {
        uint256 count = amounts.length;
        uint256[] memory ids = new uint256[](count);
        uint256[] memory values = new uint256[](count);
        uint256 feeMg = 0;
        uint256 totalMg = 0;
        for (uint256 i = 0; i < count; ++i) {
            (uint256 batchId, uint64 milligrams) = (amounts[i].batchId, amounts[i].milligrams);
            uint256 fee = choiceFeeUp(milligrams);
            giveUp(batchId, milligrams);
            (ids[i], values[i]) = (batchId, Serials.toBaseUnits(milligrams));
            totalMg += milligrams;
            feeMg += fee;
            emit Redeemed(msg.sender, batchId, milligrams, fee);
        }
        pay(totalMg, feeMg);

        send(ids, values);
    }

    /// @inheritdoc ICarbonPool
    function redeemOldest(uint64 milligrams, uint256 maxBatches) external nonReentrant {
        (uint256[] memory ids, uint256[] memory values) = giveUpOldest(milligrams, maxBatches);
        pay(milligrams, 0);

        send(ids, values);
    }

    /// @inheritdoc ICarbonPool
    function retire(RetirementRequest calldata request) external nonReentrant returns (bytes32 retirementId) {
        retirementId = retirements.retirementIdOf(msg.sender, request.nonce);
        uint256 feeMg = 0;
        uint256 totalMg = 0;
        for (uint256 i = 0; i < request.amounts.length; ++i) {
            RetirementAmount calldata amount = request.amounts[i];
            uint256 fee = choiceFeeUp(amount.milligrams);
            giveUp(amount.batchId, amount.milligrams);
            totalMg += amount.milligrams;
            feeMg += fee;
            emit RedeemedForRetirement(msg.sender, amount.batchId, retirementId, amount.milligrams, fee);
        }
        pay(totalMg, feeMg);

        retirements.retireFromPool(msg.sender, request);
    }

    /// @inheritdoc ICarbonPool
    function requeue(uint256 batchId) external nonReentrant {
        PoolHolding storage holding = holdings[batchId];
        bool queued = !credit.isSuspended(batchId);
        require(queued != holding.queued && holding.heldMg > 0, NothingToRequeue(batchId));
        if (queued) enqueue(batchId, holding);
        else dequeue(holding);
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
    function onERC1155Received(address operator, address, uint256, uint256, bytes calldata) external view returns (bytes4) {
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
    function holdingOf(uint256 batchId) external view returns (PoolHolding memory) {
        return holdings[batchId];
    }

    /// @inheritdoc ICarbonPool
    function oldest(uint256 maxBatches) external view returns (uint256[] memory batchIds) {
        uint256[] memory found = new uint256[](maxBatches);
        uint256 count = 0;
        uint256 day = order.nextDay(0);
        while (day < BasketOrder.DAY_LIMIT && count < maxBatches) {
            uint256[] storage list = order.lists[day];
            for (uint256 i = list.length; i > 0 && count < maxBatches; --i) found[count++] = list[i - 1];
            day = order.nextDay(day + 1);
        }
        return firstOf(found, count);
    }

    function supportsInterface(bytes4 interfaceId) public view override(PermissionedERC20, IERC165) returns (bool) {
        return interfaceId == type(IERC1155Receiver).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Fees leave while paused; everything else that must go on is no transfer.
    function movesWhilePaused(uint32 fromKinds, uint32) internal pure override returns (bool) {
        return fromKinds & ParticipantKinds.POOL != 0;
    }

    /// @dev Everything of a deposit of an admitted batch.
    function take(uint256 batchId, uint64 milligrams) private {
        require(!depositsClosed, DepositsClosed());
        require(milligrams > 0, AmountZero(batchId));
        PoolHolding storage holding = holdings[batchId];
        uint256 amount = Serials.toBaseUnits(milligrams);
        uint64 heldMg = holding.heldMg + milligrams;
        uint256 supplyMg = (totalSupply() + amount) / Serials.BASE_UNITS_PER_MILLIGRAM;
        checkDeposit(batchId, holding.vintageEndDay, heldMg, supplyMg);

        holding.heldMg = heldMg;
        if (!holding.queued) enqueue(batchId, holding);
        _mint(msg.sender, amount);
        emit Deposited(msg.sender, batchId, milligrams);

        credit.safeTransferFrom(msg.sender, address(this), batchId, amount, "");
    }

    /// @dev Books credits of one batch out.
    function giveUp(uint256 batchId, uint64 milligrams) private {
        require(milligrams > 0, AmountZero(batchId));
        PoolHolding storage holding = holdings[batchId];
        uint64 heldMg = holding.heldMg;
        require(milligrams <= heldMg, HoldingTooSmall(batchId, milligrams, heldMg));
        holding.heldMg = heldMg - milligrams;
        if (milligrams == heldMg && holding.queued) dequeue(holding);
    }

    /// @dev Books credits of the oldest batches out that are not suspended.
    function giveUpOldest(uint64 milligrams, uint256 maxBatches) private returns (uint256[] memory ids, uint256[] memory values) {
        ids = new uint256[](maxBatches);
        values = new uint256[](maxBatches);
        uint256 count = 0;
        uint256 seen = 0;
        uint64 left = milligrams;
        uint256 day = order.nextDay(0);
        while (left > 0 && day < BasketOrder.DAY_LIMIT && seen < maxBatches) {
            uint256[] storage list = order.lists[day];
            // From the end: what an emptied batch's place is filled with was looked at before.
            for (uint256 i = list.length; i > 0 && left > 0 && seen < maxBatches; --i) {
                uint256 batchId = list[i - 1];
                ++seen;
                if (credit.isSuspended(batchId)) continue;
                uint64 heldMg = holdings[batchId].heldMg;
                uint64 taken = left < heldMg ? left : heldMg;
                giveUp(batchId, taken);
                emit Redeemed(msg.sender, batchId, taken, 0);
                left -= taken;
                (ids[count], values[count]) = (batchId, Serials.toBaseUnits(taken));
                ++count;
            }
            day = order.nextDay(day + 1);
        }
        require(left == 0, OldestTooSmall(left));
        return (firstOf(ids, count), firstOf(values, count));
    }

    /// @dev Burns the caller's shares for what leaves; its fee stays as shares of the pool's own.
    function pay(uint256 milligrams, uint256 feeMg) private {
        _burn(msg.sender, milligrams * Serials.BASE_UNITS_PER_MILLIGRAM);
        if (feeMg == 0) return;
        uint256 fee = feeMg * Serials.BASE_UNITS_PER_MILLIGRAM;
        _burn(msg.sender, fee);
        _mint(address(this), fee);
    }

    function send(uint256[] memory ids, uint256[] memory values) private {
        require(ids.length > 0, AmountsMissing());
        if (ids.length == 1) credit.safeTransferFrom(address(this), msg.sender, ids[0], values[0], "");
        else credit.safeBatchTransferFrom(address(this), msg.sender, ids, values, "");
    }

    function enqueue(uint256 batchId, PoolHolding storage holding) private {
        holding.position = order.add(holding.vintageEndDay, batchId);
        holding.queued = true;
    }

    function dequeue(PoolHolding storage holding) private {
        uint32 position = holding.position;
        uint256 moved = order.remove(holding.vintageEndDay, position);
        if (moved != 0) holdings[moved].position = position;
        holding.queued = false;
    }

    function firstOf(uint256[] memory values, uint256 count) private pure returns (uint256[] memory first) {
        first = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) first[i] = values[i];
    }
}
