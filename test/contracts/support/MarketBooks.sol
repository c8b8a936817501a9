// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {ExternalUnits} from "../../../contracts/external/ExternalUnits.sol";
import {RetirementRegistry} from "../../../contracts/retirements/RetirementRegistry.sol";
import {Batch, BatchStatus, SuspensionCause} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {Retirement, RetirementLine, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @notice What should be on the chain about a batch, kept in the plainest way; masses in whole milligrams.
struct Book {
    address operator;
    bytes32 root;
    uint256 previous;
    uint256 committedAt;
    uint32 window;
    uint32 claimDays;
    uint32 leaves;
    BatchStatus status;
    uint8 causes;
    uint16 openClaims;
    uint16 openGrams;
    uint64 total;
    uint64 buffer;
    uint64 minted;
    uint64 unminted;
    uint64 struck;
    uint64 shortfall;
    uint64 replaced;
    uint64 retired;
}

/// @notice A leaf struck, with its milligrams [start, end).
struct Strike {
    uint64 index;
    uint64 start;
    uint64 end;
}

/// @notice What the chain said about a batch before the latest action.
struct Earlier {
    BatchStatus status;
    uint64 mintedMg;
    uint64 retiredMg;
}

/// @title Books beside the chain's of batches, holdings, freezes and retirements. Stands for the contract of
/// disputes.
abstract contract MarketBooks is SystemBuilder {
    /// Contracts that `build` creates before the external units.
    uint64 private constant CREATED_BEFORE = 6;
    uint256 internal constant OPERATORS = 2;
    uint256 internal constant PARTIES = 5;
    uint256 internal constant MAX_BATCHES = 6;
    uint256 internal constant MG = 1e9;
    address public constant OUTSIDER = address(0xBAD);
    address public constant REGULATOR = address(0x4E6);

    address[] public parties;
    uint256[] public batchIds;
    bytes32[] public retirementIds;
    mapping(uint256 batchId => Book) internal books;
    mapping(uint256 batchId => Strike[]) internal strikes;
    mapping(uint256 batchId => mapping(uint256 index => bool)) public struckLeaf;
    mapping(address operator => uint256 batchId) internal heads;
    mapping(address account => mapping(uint256 batchId => uint256)) public balance;
    mapping(address account => mapping(uint256 batchId => uint256)) public frozen;
    mapping(bytes32 retirementId => bytes32) public recordHash;
    mapping(bytes32 retirementId => address) public certificateHolder;
    mapping(address account => bool) internal suspendedParty;
    bool internal issuancePaused;
    bool internal transfersPaused;
    uint32 internal window;
    mapping(uint256 batchId => Earlier) private earlier;
    /// How often each action did what it is for, and how often it was refused.
    mapping(string action => uint256) public done;
    mapping(string action => uint256) public refused;

    constructor() {
        vm.warp(1_760_000_000);
        address unitsAt = createdAt(vm.getNonce(address(this)) + CREATED_BEFORE);
        build(address(this), unitsAt);
        assert(
            unitsAt ==
                address(
                    new ExternalUnits(
                        address(manager),
                        ExternalUnits.Links(participants, credit, address(retirements))
                    )
                )
        );
        appoint(REGULATOR, ParticipantKinds.REGULATOR);
        for (uint160 i = 0; i < PARTIES; ++i) {
            parties.push(address(0x1000 + i));
            appoint(parties[i], i < OPERATORS ? ParticipantKinds.OPERATOR : ParticipantKinds.CORPORATE);
        }
    }

    modifier remembering() {
        for (uint256 i = 0; i < batchIds.length; ++i) {
            Batch memory batch = batches.batchOf(BatchId.wrap(batchIds[i]));
            earlier[batchIds[i]] = Earlier(
                batch.status,
                Milligrams.unwrap(batch.mintedMg),
                Milligrams.unwrap(batch.retiredMg)
            );
        }
        _;
    }

    function contracts() external view returns (BatchRegistry, CarbonCredit, RetirementRegistry) {
        return (batches, credit, retirements);
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

    function bookOf(uint256 batchId) external view returns (Book memory) {
        return books[batchId];
    }

    function strikesOf(uint256 batchId) external view returns (Strike[] memory) {
        return strikes[batchId];
    }

    function earlierOf(uint256 batchId) external view returns (Earlier memory) {
        return earlier[batchId];
    }

    /// @dev What was decided in advance is what must happen.
    function act(
        string memory action,
        address caller,
        address target,
        bytes memory call,
        bool allowed
    ) internal returns (bool worked) {
        vm.prank(caller);
        (worked, ) = target.call(call);
        assert(worked == allowed);
        if (worked) ++done[action];
        else ++refused[action];
    }

    /// @dev 0 where there is none yet.
    function batchAt(uint256 which) internal view returns (uint256) {
        return batchIds.length == 0 ? 0 : batchIds[which % batchIds.length];
    }

    /// @dev A batch with a shortfall if there is one, so that cures have something to do.
    function owingAt(uint256 which) internal view returns (uint256) {
        uint256 offset = which % MAX_BATCHES;
        for (uint256 i = 0; i < batchIds.length; ++i) {
            if (books[batchAt(offset + i)].shortfall > 0) return batchAt(offset + i);
        }
        return batchAt(offset);
    }

    function partyAt(uint256 who) internal view returns (address) {
        return parties[who % PARTIES];
    }

    /// @dev Somebody who holds of the batch if anybody does.
    function holderAt(uint256 who, uint256 batchId) internal view returns (address) {
        uint256 offset = who % PARTIES;
        for (uint256 i = 0; i < PARTIES; ++i) {
            if (balance[partyAt(offset + i)][batchId] > 0) return partyAt(offset + i);
        }
        return partyAt(offset);
    }

    /// @dev Mostly who may.
    function mostly(address entitled, uint256 who) internal view returns (address) {
        return who % 8 == 7 ? partyAt(who / 8) : entitled;
    }

    /// @dev Amounts about the edges that count: what is free, and what is there.
    function near(uint256 seed, uint256 free, uint256 held) internal pure returns (uint256) {
        uint256 way = seed % 8;
        if (way == 0) return free;
        if (way == 1) return free + 1;
        return bound(seed / 8, 0, way < 7 ? free / 4 : held + held / 8);
    }

    function freeOf(address account, uint256 batchId) internal view returns (uint256) {
        (uint256 held, uint256 amount) = (balance[account][batchId], frozen[account][batchId]);
        return held > amount ? held - amount : 0;
    }

    /// @dev Leaf `index` of the batch: it is cut into parts as equal as whole milligrams allow.
    function rangeOf(uint256 batchId, uint256 index) internal view returns (uint64 start, uint64 end) {
        (uint256 total, uint256 leaves) = (books[batchId].total, books[batchId].leaves);
        return (uint64((total * index) / leaves), uint64((total * (index + 1)) / leaves));
    }

    function bookCommit(BatchStatement memory statement) internal {
        Book storage book = books[BatchId.unwrap(statement.batchId)];
        (book.operator, book.root, book.previous) = (
            statement.operator,
            statement.root,
            heads[statement.operator]
        );
        (book.committedAt, book.window, book.claimDays) = (
            block.timestamp,
            window,
            statement.claimPeriodDays
        );
        (book.leaves, book.status) = (statement.leafCount, BatchStatus.Committed);
        book.total = Milligrams.unwrap(statement.totalMilligrams);
        book.buffer = Milligrams.unwrap(statement.bufferMilligrams);
        book.unminted = Milligrams.unwrap(statement.totalMilligrams);
        heads[statement.operator] = BatchId.unwrap(statement.batchId);
        batchIds.push(BatchId.unwrap(statement.batchId));
    }

    function bookMint(uint256 batchId, uint64 keep, BatchStatus status) internal {
        Book storage book = books[batchId];
        if (keep > book.unminted) keep = book.unminted;
        uint64 milligrams = book.unminted - keep;
        (book.minted, book.unminted, book.status) = (book.minted + milligrams, keep, status);
        balance[book.operator][batchId] += milligrams * MG;
    }

    function bookCure(uint256 batchId, uint64 milligrams) internal {
        Book storage book = books[batchId];
        book.shortfall -= milligrams;
        if (book.shortfall == 0) book.causes &= ~SuspensionCause.SHORTFALL;
    }

    /// @dev The freeze goes down by what is not free otherwise.
    function bookForced(address from, uint256 batchId, uint256 amount) internal {
        uint256 free = freeOf(from, batchId);
        if (amount > free) frozen[from][batchId] -= amount - free;
        balance[from][batchId] -= amount;
    }

    /// @dev The balance is booked by the caller. The record is made up here from the books' own cursor.
    function bookRetirement(
        bytes32 id,
        address holder,
        RetirementRequest memory request,
        uint64 milligrams
    ) internal {
        Book storage book = books[request.amounts[0].batchId];
        Retirement memory record;
        record.retirementId = id;
        record.holder = holder;
        record.beneficiaryHash = request.beneficiaryHash;
        record.documentHash = request.documentHash;
        record.purpose = request.purpose;
        record.reportingYear = request.reportingYear;
        record.country = request.country;
        record.retiredAt = uint64(block.timestamp);
        record.lines = new RetirementLine[](1);
        record.lines[0] = RetirementLine(request.amounts[0].batchId, book.retired, book.retired + milligrams);
        book.retired += milligrams;
        retirementIds.push(id);
        recordHash[id] = keccak256(abi.encode(record));
        certificateHolder[id] = holder;
    }
}
