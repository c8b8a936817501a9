// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {ParticipantRegistry} from "../../../contracts/participants/ParticipantRegistry.sol";
import {RetirementRegistry} from "../../../contracts/retirements/RetirementRegistry.sol";
import {Batch, BatchStatus} from "../../../contracts/types/Batch.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {ParticipantKinds, ParticipantStatus} from "../../../contracts/types/Participant.sol";
import {RetirementAmount, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @title Drives a deployment at random: what is allowed must work, what is not must fail. Keeps its own books beside the chain's.
contract Market is SystemBuilder {
    uint256 private constant PARTIES = 5;
    uint256 private constant OPERATORS = 2;

    address[] public parties;
    address public constant OUTSIDER = address(0xBAD);
    uint256[] public batchIds;
    bytes32[] public retirementIds;
    /// What the books say beside the chain: milligrams retired per batch and hash of each record when it was made.
    mapping(uint256 batchId => uint64 milligrams) public retiredMg;
    mapping(bytes32 retirementId => bytes32 recordHash) public recordHashes;
    /// How often each action did what it is for, so that a run that did nothing is noticed.
    uint256 public commits;
    uint256 public mints;
    uint256 public transfers;
    uint256 public retired;

    constructor() {
        vm.warp(1_760_000_000);
        build();
        for (uint160 i = 0; i < PARTIES; ++i) {
            address party = address(0x1000 + i);
            parties.push(party);
            register(party, i < OPERATORS ? ParticipantKinds.OPERATOR : ParticipantKinds.CORPORATE);
        }
    }

    function contracts() external view returns (ParticipantRegistry, BatchRegistry, CarbonCredit, RetirementRegistry) {
        return (participants, batches, credit, retirements);
    }

    function partyCount() external view returns (uint256) {
        return parties.length;
    }

    function batchCount() external view returns (uint256) {
        return batchIds.length;
    }

    function retirementCount() external view returns (uint256) {
        return retirementIds.length;
    }

    function commit(uint256 who, uint64 total, uint64 buffer, uint32 leaves) external {
        address operator = parties[who % OPERATORS];
        total = uint64(bound(total, 1, 1e15));
        BatchStatement memory statement;
        statement.batchId = uint256(keccak256(abi.encode("batch", batchIds.length)));
        statement.operator = operator;
        statement.root = keccak256(abi.encode("root", batchIds.length));
        statement.totalMilligrams = total;
        statement.leafCount = uint32(bound(leaves, 1, total < 1e6 ? total : 1e6));
        statement.bufferMilligrams = uint64(bound(buffer, 0, total));
        statement.vintageStartDay = 20_000;
        statement.vintageEndDay = 20_030;
        statement.region = "WUHAN";
        statement.keySchemeHash = KEY_SCHEME;
        statement.previousBatchId = batches.headOf(operator);
        statement.deadline = uint64(block.timestamp);
        bytes[] memory signatures = attest(batches.hashStatement(statement));

        bool allowed = participants.isActive(operator);
        vm.prank(operator);
        try batches.commit(statement, signatures) {
            assert(allowed);
            batchIds.push(statement.batchId);
            ++commits;
        } catch {
            assert(!allowed);
        }
    }

    function mint(uint256 which) external {
        if (batchIds.length == 0) return;
        uint256 batchId = batchIds[which % batchIds.length];
        Batch memory batch = batches.batchOf(batchId);
        bool allowed = batch.status == BatchStatus.Committed && participants.isActive(batch.operator);
        vm.prank(batch.operator);
        try batches.mint(batchId) {
            assert(allowed);
            ++mints;
        } catch {
            assert(!allowed);
        }
    }

    function transfer(uint256 from, uint256 to, uint256 which, uint256 amount) external {
        if (batchIds.length == 0) return;
        address sender = parties[from % PARTIES];
        address receiver = to % 8 == 7 ? OUTSIDER : parties[to % PARTIES];
        uint256 batchId = batchIds[which % batchIds.length];
        uint256 balance = credit.balanceOf(sender, batchId);
        // Sometimes more than is there.
        amount = bound(amount, 0, balance + balance / 4);
        bool allowed = amount <= balance && participants.isActive(sender) && participants.isActive(receiver);
        vm.prank(sender);
        try credit.safeTransferFrom(sender, receiver, batchId, amount, "") {
            assert(allowed);
            ++transfers;
        } catch {
            assert(!allowed);
        }
    }

    function retire(uint256 who, uint256 which, uint64 milligrams, bytes32 nonce) external {
        if (batchIds.length == 0) return;
        address holder = parties[who % PARTIES];
        uint256 batchId = batchIds[which % batchIds.length];
        uint256 whole = credit.balanceOf(holder, batchId) / 1e9;
        milligrams = uint64(bound(milligrams, 0, whole + whole / 4));
        // Few nonces, so that some come twice.
        nonce = bytes32(uint256(nonce) % 16);
        bytes32 id = retirements.retirementIdOf(holder, nonce);
        bool allowed = milligrams > 0 && milligrams <= whole && participants.isActive(holder) && recordHashes[id] == 0;

        RetirementRequest memory request;
        request.nonce = nonce;
        request.beneficiaryHash = keccak256("beneficiary");
        request.purpose = 3;
        request.reportingYear = 2025;
        request.country = "CN";
        request.amounts = new RetirementAmount[](1);
        request.amounts[0] = RetirementAmount(batchId, milligrams);
        vm.prank(holder);
        try retirements.retire(request) returns (bytes32 retirementId) {
            assert(allowed && retirementId == id);
            retirementIds.push(id);
            recordHashes[id] = retirements.recordHashOf(id);
            retiredMg[batchId] += milligrams;
            ++retired;
        } catch {
            assert(!allowed);
        }
    }

    function suspendOrRestore(uint256 who, bool restore) external {
        // Mostly restored, or soon nothing would move any more.
        uint8 status = uint8(restore || who % 4 != 0 ? ParticipantStatus.Active : ParticipantStatus.Suspended);
        participants.setStatus(parties[who % PARTIES], status);
    }

    /// Nobody but the registries moves the accounts.
    function meddle(uint256 who, uint256 which, uint64 milligrams) external {
        if (batchIds.length == 0) return;
        address party = parties[who % PARTIES];
        uint256 batchId = batchIds[which % batchIds.length];
        bytes[3] memory calls = [
            abi.encodeCall(credit.mint, (party, batchId, milligrams)),
            abi.encodeCall(credit.burnForRetirement, (party, batchId, milligrams)),
            abi.encodeCall(batches.recordRetirement, (batchId, milligrams))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(party);
            (bool done, ) = (i < 2 ? address(credit) : address(batches)).call(calls[i]);
            assert(!done);
        }
    }
}
