// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CarbonPool} from "../../../contracts/pools/CarbonPool.sol";
import {CarbonPoolFactory} from "../../../contracts/pools/CarbonPoolFactory.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {DisputeKind, Provenance} from "../../../contracts/types/Batch.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {PoolAmount, PoolTerms} from "../../../contracts/types/Pool.sol";
import {RetirementAmount, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @title Drives one pool at random: what is allowed must work, what is not must fail. Keeps its own books
/// beside the chain's.
contract PoolMarket is SystemBuilder {
    uint256 public constant PARTIES = 4;
    uint256 public constant BATCHES = 6;
    /// The last batch is of a region that the pool does not take.
    uint256 public constant OUTSIDE = 5;
    uint16 private constant CAP_BPS = 5_000;
    uint64 private constant CAP_FLOOR = 1_000_000;
    uint64 private constant START_MG = 10_000;
    uint256 private constant MG = 1e9;
    address public constant COLLECTOR = address(0xFEE);
    address private constant REGULATOR = address(0xE6);

    CarbonPool public pool;
    address[] public parties;
    /// Milligrams that should be in the pool, and that were there when the batch was suspended.
    mapping(uint256 batchId => uint64) public heldMg;
    mapping(uint256 batchId => uint64) public heldAtSuspension;
    mapping(uint256 batchId => uint64) public retiredMg;
    mapping(uint256 batchId => bool) private disputed;
    uint256 public feesMg;
    uint256 private nonces;
    /// How often each action did what it is for, so that a run that did nothing is noticed.
    uint256 public deposits;
    uint256 public redemptions;
    uint256 public retirementsDone;

    constructor() {
        vm.warp(1_760_000_000);
        build(address(this), address(0xE7));
        appoint(REGULATOR, ParticipantKinds.REGULATOR);
        appoint(COLLECTOR, ParticipantKinds.CORPORATE);
        CarbonPoolFactory factory = new CarbonPoolFactory(
            address(manager),
            CarbonPool.Links(participants, batches, credit, retirements)
        );
        appoint(address(factory), ParticipantKinds.POOL_FACTORY);
        methodologies.publish(keccak256("elsewhere"), "BERLIN", Day.wrap(0), Day.wrap(30_000));
        for (uint160 i = 0; i < PARTIES; ++i) {
            parties.push(address(0x1000 + i));
            appoint(parties[i], i == 0 ? ParticipantKinds.OPERATOR : ParticipantKinds.CORPORATE);
        }
        createPool(factory);
        for (uint256 i = 0; i < BATCHES; ++i) issue(i);
        for (uint256 i = 0; i < BATCHES * PARTIES; ++i) fill(parties[i % PARTIES], batchId(i / PARTIES));
    }

    function batchId(uint256 which) public pure returns (uint256) {
        return uint256(keccak256(abi.encode("batch", which)));
    }

    function deposit(uint256 who, uint256 which, uint64 milligrams) external {
        (address party, uint256 id) = choose(who, which);
        uint256 mine = credit.balanceOf(party, id) / MG;
        // Mostly a little, so that one party's shares are enough for all of a batch.
        milligrams = uint64(bound(milligrams, 0, milligrams % 4 == 0 ? mine + mine / 8 : mine / 16));
        uint256 supply = pool.totalSupply() / MG + milligrams;
        uint256 cap = (supply * CAP_BPS) / 10_000;
        bool fits = heldMg[id] + milligrams <= (cap > CAP_FLOOR ? cap : CAP_FLOOR);
        bool admitted = id != batchId(OUTSIDE);
        bool stopped = pool.depositsClosed() || credit.isSuspended(id) || credit.isPaused() || disputed[id];
        bool allowed = milligrams > 0 && milligrams <= mine && fits && admitted && !stopped;
        vm.prank(party);
        try pool.admitAndDeposit(BatchId.wrap(id), Milligrams.wrap(milligrams), provenance(id)) {
            assert(allowed);
            heldMg[id] += milligrams;
            ++deposits;
        } catch {
            assert(!allowed);
        }
    }

    function redeem(uint256 who, uint256 which, uint64 milligrams) external {
        (address party, uint256 id) = choose(who, which);
        // Often all of it, so that batches leave the order.
        bool all = milligrams % 2 == 0;
        milligrams = all ? heldMg[id] : uint64(bound(milligrams, 0, uint256(heldMg[id]) + heldMg[id] / 8));
        uint256 fee = pool.choiceFeeUp(Milligrams.wrap(milligrams));
        bool allowed =
            milligrams > 0 &&
                milligrams <= heldMg[id] &&
                !credit.isSuspended(id) &&
                affords(party, milligrams + fee);
        vm.prank(party);
        try pool.redeem(BatchId.wrap(id), Milligrams.wrap(milligrams)) {
            assert(allowed);
            heldMg[id] -= milligrams;
            feesMg += fee;
            ++redemptions;
        } catch {
            assert(!allowed);
        }
    }

    function redeemBatches(uint256 who, uint64 one, uint64 other) external {
        (address party, uint256 first) = choose(who, 0);
        uint256 second = batchId(1);
        if (first > second) (first, second) = (second, first);
        PoolAmount[] memory amounts = new PoolAmount[](2);
        amounts[0] = PoolAmount(BatchId.wrap(first), Milligrams.wrap(uint64(bound(one, 0, heldMg[first]))));
        amounts[1] = PoolAmount(
            BatchId.wrap(second),
            Milligrams.wrap(uint64(bound(other, 0, heldMg[second])))
        );
        uint256 fee = pool.choiceFeeUp(amounts[0].milligrams) + pool.choiceFeeUp(amounts[1].milligrams);
        uint256 total =
            uint256(Milligrams.unwrap(amounts[0].milligrams)) + Milligrams.unwrap(amounts[1].milligrams);
        bool stopped = credit.isSuspended(first) || credit.isSuspended(second);
        bool allowed =
            Milligrams.unwrap(amounts[0].milligrams) > 0 &&
                Milligrams.unwrap(amounts[1].milligrams) > 0 &&
                !stopped &&
                affords(party, total + fee);
        vm.prank(party);
        try pool.redeemBatches(amounts) {
            assert(allowed);
            heldMg[first] -= Milligrams.unwrap(amounts[0].milligrams);
            heldMg[second] -= Milligrams.unwrap(amounts[1].milligrams);
            feesMg += fee;
            ++redemptions;
        } catch {
            assert(!allowed);
        }
    }

    function redeemOldest(uint256 who, uint64 milligrams, uint256 most) external {
        (address party, ) = choose(who, 0);
        most = bound(most, 0, BATCHES);
        BatchId[] memory order = pool.oldest(most);
        uint256 reachable = 0;
        for (uint256 i = 0; i < order.length; ++i)
            if (!credit.isSuspended(BatchId.unwrap(order[i]))) reachable += heldMg[BatchId.unwrap(order[i])];
        milligrams = uint64(bound(milligrams, 0, reachable + reachable / 8));
        bool allowed = milligrams > 0 && milligrams <= reachable && affords(party, milligrams);
        vm.prank(party);
        try pool.redeemOldest(Milligrams.wrap(milligrams), most) {
            assert(allowed);
            ++redemptions;
            // What comes first in the order goes first.
            for (uint256 i = 0; i < order.length && milligrams > 0; ++i) {
                if (credit.isSuspended(BatchId.unwrap(order[i]))) continue;
                uint256 id = BatchId.unwrap(order[i]);
                uint64 taken = milligrams < heldMg[id] ? milligrams : heldMg[id];
                heldMg[id] -= taken;
                milligrams -= taken;
            }
        } catch {
            assert(!allowed);
        }
    }

    function retire(uint256 who, uint256 which, uint64 milligrams) external {
        (address party, uint256 id) = choose(who, which);
        milligrams = milligrams % 2 == 0 ? heldMg[id] : uint64(bound(milligrams, 0, heldMg[id]));
        uint256 fee = pool.choiceFeeUp(Milligrams.wrap(milligrams));
        bool allowed = milligrams > 0 && !credit.isSuspended(id) && affords(party, milligrams + fee);
        RetirementRequest memory request;
        request.nonce = bytes32(++nonces);
        request.beneficiaryHash = keccak256("beneficiary");
        request.purpose = 3;
        request.reportingYear = 2025;
        request.country = "CN";
        request.amounts = new RetirementAmount[](1);
        request.amounts[0] = RetirementAmount(id, Milligrams.wrap(milligrams));
        vm.prank(party);
        try pool.retire(request) returns (bytes32 retirementId) {
            assert(allowed && retirements.ownerOf(uint256(retirementId)) == party);
            heldMg[id] -= milligrams;
            retiredMg[id] += milligrams;
            feesMg += fee;
            ++retirementsDone;
        } catch {
            assert(!allowed);
        }
    }

    function transferShares(uint256 from, uint256 to, uint256 amount) external {
        (address sender, ) = choose(from, 0);
        (address receiver, ) = choose(to, 0);
        amount = bound(amount, 0, pool.balanceOf(sender));
        bool allowed = pool.canTransfer(sender, receiver, amount);
        vm.prank(sender);
        try pool.transfer(receiver, amount) {
            assert(allowed);
        } catch {
            assert(!allowed);
        }
    }

    function transferCredits(uint256 from, uint256 to, uint256 which, uint256 amount) external {
        (address sender, uint256 id) = choose(from, which);
        (address receiver, ) = choose(to, 0);
        if (credit.isSuspended(id) || credit.isPaused()) return;
        amount = bound(amount, 0, credit.balanceOf(sender, id));
        vm.prank(sender);
        credit.safeTransferFrom(sender, receiver, id, amount, "");
    }

    /// Nobody gives a pool what it did not ask for, neither credits nor shares.
    function donate(uint256 who, uint256 which, uint256 amount) external {
        (address party, uint256 id) = choose(who, which);
        amount = bound(amount, 1, 1e18);
        bytes[3] memory calls = [
            abi.encodeCall(credit.safeTransferFrom, (party, address(pool), id, amount, "")),
            abi.encodeCall(credit.forcedTransfer, (party, address(pool), id, amount)),
            abi.encodeCall(pool.transfer, (address(pool), amount))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(i == 1 ? REGULATOR : party);
            (bool done, ) = (i < 2 ? address(credit) : address(pool)).call(calls[i]);
            assert(!done);
        }
    }

    /// Nobody takes out of a pool what it did not give.
    function rob(uint256 who, uint256 which, uint256 amount) external {
        (address party, uint256 id) = choose(who, which);
        amount = bound(amount, 1, 1e18);
        bytes[4] memory calls = [
            abi.encodeCall(credit.safeTransferFrom, (address(pool), party, id, amount, "")),
            abi.encodeCall(credit.forcedTransfer, (address(pool), party, id, amount)),
            abi.encodeCall(credit.setFrozenTokens, (address(pool), id, amount)),
            abi.encodeCall(pool.transferFrom, (address(pool), party, amount))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(i == 1 || i == 2 ? REGULATOR : party);
            (bool done, ) = (i < 3 ? address(credit) : address(pool)).call(calls[i]);
            assert(!done);
        }
    }

    function suspendOrReinstate(uint256 which, bool suspended) external {
        (, uint256 id) = choose(0, which);
        // Mostly reinstated, or soon nothing would move any more.
        suspended = suspended && which % 3 == 0;
        if (suspended && !credit.isSuspended(id)) heldAtSuspension[id] = heldMg[id];
        vm.prank(REGULATOR);
        if (suspended) batches.suspend(BatchId.wrap(id), 16);
        else batches.reinstate(BatchId.wrap(id), 16);
    }

    function dispute(uint256 which) external {
        (, uint256 id) = choose(0, which);
        if (disputed[id]) batches.closeDispute(BatchId.wrap(id), kindOf(id));
        else batches.openDispute(BatchId.wrap(id), kindOf(id));
        disputed[id] = !disputed[id];
    }

    function requeue(uint256 who, uint256 which) external {
        (address party, uint256 id) = choose(who, which);
        bool queued = pool.entryOf(BatchId.wrap(id)).queued;
        bool allowed = heldMg[id] > 0 && queued == credit.isSuspended(id);
        vm.prank(party);
        try pool.requeue(BatchId.wrap(id)) {
            assert(allowed && pool.entryOf(BatchId.wrap(id)).queued == !queued);
        } catch {
            assert(!allowed);
        }
    }

    function orderShares(uint256 who, uint256 frozen, uint256 moved) external {
        (address party, ) = choose(who, 0);
        frozen = frozen % 3 == 0 ? bound(frozen, 0, pool.balanceOf(party)) : 0;
        vm.prank(REGULATOR);
        pool.setFrozenTokens(party, frozen);
        moved = bound(moved, 0, pool.balanceOf(party) / 16);
        vm.prank(REGULATOR);
        pool.forcedTransfer(party, parties[moved % PARTIES], moved);
    }

    function settings(uint256 seed) external {
        pool.setDepositsClosed(seed % 8 == 0);
        pool.setPaused(seed % 3 == 0);
        credit.setPaused(seed % 5 == 0);
    }

    function collectFees() external {
        pool.collectFees();
        feesMg = 0;
    }

    /// @dev Whether these shares are there, in milligrams, and not frozen.
    function affords(address party, uint256 milligrams) private view returns (bool) {
        return milligrams * MG + pool.getFrozenTokens(party) <= pool.balanceOf(party);
    }

    function choose(uint256 who, uint256 which) private view returns (address party, uint256 id) {
        return (parties[who % PARTIES], batchId(which % BATCHES));
    }

    function provenance(uint256 id) private pure returns (Provenance memory proven) {
        (address one, address other) = (vm.addr(FIRST_VERIFIER_KEY), vm.addr(SECOND_VERIFIER_KEY));
        proven.attesters = new address[](2);
        (proven.attesters[0], proven.attesters[1]) = one < other ? (one, other) : (other, one);
        proven.methodologyIds = methodologyOf(id);
        proven.termsHash = TERMS;
    }

    /// @dev Either kind keeps deposits out.
    function kindOf(uint256 id) private pure returns (DisputeKind) {
        return id % 2 == 0 ? DisputeKind.DoubleClaim : DisputeKind.GramChallenge;
    }

    function methodologyOf(uint256 id) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id == batchId(OUTSIDE) ? keccak256("elsewhere") : METHODOLOGY;
    }

    function createPool(CarbonPoolFactory factory) private {
        PoolTerms memory terms;
        terms.methodologyIds = new bytes32[](1);
        terms.methodologyIds[0] = METHODOLOGY;
        terms.firstYear = 2024;
        terms.lastYear = 2025;
        terms.capBps = CAP_BPS;
        terms.capFloorMg = Milligrams.wrap(CAP_FLOOR);
        terms.choiceFeeBps = 125;
        terms.feeCollector = COLLECTOR;
        vm.prank(parties[0]);
        pool = CarbonPool(address(factory.createPool("Pool", "P", terms)));
    }

    /// @dev Issues a batch and deals it out to all parties, who approve the pool. Three batches share the
    /// last day of their vintage.
    function issue(uint256 which) private {
        uint256 id = batchId(which);
        BatchStatement memory statement;
        statement.batchId = BatchId.wrap(id);
        statement.operator = parties[0];
        statement.root = keccak256(abi.encode("root", which));
        statement.totalMilligrams = Milligrams.wrap(4_000_000);
        statement.leafCount = 1;
        statement.vintageStartDay = statement.vintageEndDay = Day.wrap(uint32(20_300 - 150 * (which / 3)));
        statement.region = which == OUTSIDE ? bytes8("BERLIN") : REGION;
        bytes32[] memory methodologyIds = methodologyOf(id);
        statement.methodologiesHash = keccak256(abi.encodePacked(methodologyIds));
        statement.keySchemeHash = KEY_SCHEME;
        statement.previousBatchId = batches.headOf(parties[0]);
        addTerms(statement);
        bytes[] memory signatures = attest(batches.hashStatement(statement));
        vm.prank(parties[0]);
        batches.commitAndMint(statement, methodologyIds, signatures);
        for (uint256 i = 0; i < PARTIES; ++i) {
            vm.prank(parties[0]);
            credit.safeTransferFrom(parties[0], parties[i], id, 1_000_000 * MG, "");
            vm.prank(parties[i]);
            credit.setApprovalForAll(address(pool), true);
        }
    }

    /// @dev What a run starts with: each party has shares enough for all of any batch.
    function fill(address party, uint256 id) private {
        if (id == batchId(OUTSIDE)) return;
        vm.prank(party);
        pool.admitAndDeposit(BatchId.wrap(id), Milligrams.wrap(START_MG), provenance(id));
        heldMg[id] += START_MG;
    }

    function contracts() external view returns (address, address) {
        return (address(credit), address(batches));
    }
}
