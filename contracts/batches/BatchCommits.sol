// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {Accounting} from "../libraries/Accounting.sol";
import {Ascending} from "../libraries/Ascending.sol";
import {CivilYear} from "../libraries/CivilYear.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Provenances} from "../libraries/Provenances.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Serials} from "../libraries/Serials.sol";
import {BatchAccount, BatchStatus, StoredBatch} from "../types/Batch.sol";
import {BatchCategory} from "../types/BatchCategory.sol";
import {BatchId, NO_BATCH} from "../types/BatchId.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {CorrespondingAdjustment} from "../types/CorrespondingAdjustment.sol";
import {Day, StoredDay} from "../types/Day.sol";
import {UnitIds} from "../libraries/UnitIds.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {BatchAccounts} from "./BatchAccounts.sol";
import {BatchLinks} from "./BatchLinks.sol";
import {BatchSettings} from "./BatchSettings.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title Commits a batch: everything that is checked and stored once.
abstract contract BatchCommits is BatchLinks, BatchSettings, EIP712 {
    using BatchAccounts for StoredBatch;

    bytes32 private constant STATEMENT_TYPE_HASH = keccak256(
        "BatchStatement(uint256 batchId,address operator,bytes32 root,uint64 totalMilligrams,"
        "uint32 leafCount,uint64 bufferMilligrams,uint32 claimPeriodDays,uint32 vintageStartDay,"
        "uint32 vintageEndDay,bytes8 region,bytes32 methodologiesHash,bytes32 keySchemeHash,"
        "bytes32 leavesHash,uint64 subjectlessMilligrams,uint256 previousBatchId,uint8 category,"
        "bytes2 hostCountry,uint8 adjustment,uint32 useByDay,bytes32 termsHash,uint64 deadline)"
    );

    constructor() EIP712("Microtonne BatchRegistry", "2") {}

    /// @inheritdoc IBatchRegistry
    function hashStatement(BatchStatement calldata statement) public view returns (bytes32 digest) {
        // Every field is static, so abi.encode lays them out just as EIP-712 encodes them.
        return _hashTypedDataV4(keccak256(abi.encode(STATEMENT_TYPE_HASH, statement)));
    }

    /// @dev Everything of a commit. With `mintNow` the main mint is booked too, in the same words; what to
    /// mint is returned.
    function commitBatch(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures,
        bool mintNow
    ) internal returns (Milligrams mintedMg) {
        require(msg.sender == statement.operator, CallerNotOperator(msg.sender, statement.operator));
        requireActiveOperator(msg.sender);
        checkFields(statement);
        checkTerms(statement);
        checkPlace(statement);
        checkMethodologies(statement, methodologyIds);
        address[] memory attesters = attestersOf(statement, signatures);
        BatchAccount memory account = Accounting.commit(
            Milligrams.unwrap(statement.totalMilligrams),
            Milligrams.unwrap(statement.bufferMilligrams)
        );
        if (mintNow) {
            uint64 milligrams;
            (account, milligrams) = Accounting.mintMain(
                account,
                Milligrams.unwrap(statement.bufferMilligrams)
            );
            mintedMg = Milligrams.wrap(milligrams);
        }

        storeBatch(
            statement,
            account,
            Quorum.hashOf(attesters),
            mintNow ? BatchStatus.Minted : BatchStatus.Committed
        );
        emitCommitted(statement, attesters);
    }

    function storeBatch(
        BatchStatement calldata statement,
        BatchAccount memory account,
        bytes32 attestersHash,
        BatchStatus status
    ) private {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        StoredBatch storage batch = $.batches[statement.batchId];
        batch.save(account);
        storeOrigin(batch, statement.operator, statement.leafCount, status, statement.category);
        batch.provenanceHash = Provenances.hashOf(
            attestersHash,
            statement.methodologiesHash,
            statement.termsHash
        );
        storeTerms(
            batch,
            storable(statement.vintageStartDay),
            storable(statement.vintageEndDay),
            storable(statement.useByDay),
            uint16(statement.claimPeriodDays),
            statement.hostCountry,
            statement.region,
            statement.bufferMilligrams,
            uint24($.settings.challengeWindow)
        );
        // Nothing else is in its word yet.
        if (statement.adjustment != 0) batch.adjustment = statement.adjustment;
        $.batchOfRoot[statement.root] = statement.batchId;
        $.headOf[statement.operator] = statement.batchId;
    }

    /// @dev Values come as arguments here and below, so that the compiler writes their common slot once.
    function storeOrigin(
        StoredBatch storage batch,
        address operator,
        uint32 leafCount,
        BatchStatus status,
        uint8 category
    ) private {
        batch.operator = operator;
        batch.committedAt = uint40(block.timestamp);
        batch.leafCount = leafCount;
        batch.status = status;
        batch.category = category;
    }

    function storeTerms(
        StoredBatch storage batch,
        StoredDay startDay,
        StoredDay endDay,
        StoredDay useByDay,
        uint16 claimDays,
        bytes2 hostCountry,
        bytes8 region,
        Milligrams bufferMg,
        uint24 window
    ) private {
        batch.vintageStartDay = startDay;
        batch.vintageEndDay = endDay;
        batch.useByDay = useByDay;
        batch.claimPeriodDays = claimDays;
        batch.hostCountry = hostCountry;
        batch.region = region;
        batch.bufferMg = bufferMg;
        batch.challengeWindow = window;
    }

    function emitCommitted(BatchStatement calldata statement, address[] memory attesters) private {
        emit BatchCommitted(
            statement.batchId,
            statement.operator,
            statement.root,
            statement.totalMilligrams,
            statement.leafCount,
            attesters,
            statement.leavesHash
        );
    }

    function checkFields(BatchStatement calldata statement) private view {
        uint64 total = Milligrams.unwrap(statement.totalMilligrams);
        uint64 deadline = statement.deadline;
        uint32 leafCount = statement.leafCount;
        uint64 subjectless = Milligrams.unwrap(statement.subjectlessMilligrams);
        (Day startDay, Day endDay) = (statement.vintageStartDay, statement.vintageEndDay);
        require(block.timestamp <= deadline, StatementExpired(deadline, block.timestamp));
        require(
            statement.batchId != NO_BATCH &&
                statement.root != 0 &&
                statement.region != 0 &&
                statement.termsHash != 0,
            StatementIncomplete()
        );
        require(!UnitIds.isUnit(BatchId.unwrap(statement.batchId)), BatchIdReserved(statement.batchId));
        require(total > 0 && total < Serials.LIMIT, TotalOutOfRange(Milligrams.wrap(total)));
        require(leafCount > 0 && leafCount <= total, LeafCountOutOfRange(leafCount, Milligrams.wrap(total)));
        require(
            subjectless <= total,
            SubjectlessExceedsTotal(Milligrams.wrap(subjectless), Milligrams.wrap(total))
        );
        require(
            startDay <= endDay && CivilYear.yearOf(startDay) == CivilYear.yearOf(endDay),
            VintageOutOfRange(startDay, endDay)
        );
    }

    function checkTerms(BatchStatement calldata statement) private pure {
        uint8 category = statement.category;
        bytes2 country = statement.hostCountry;
        uint8 adjustment = statement.adjustment;
        (Day useByDay, Day endDay) = (statement.useByDay, statement.vintageEndDay);
        require(
            category == BatchCategory.ACT || category == BatchCategory.PROJECT,
            CategoryOutOfRange(category)
        );
        require(CountryCode.isWellFormed(country), HostCountryMalformed(country));
        require(adjustment <= CorrespondingAdjustment.APPLIED, AdjustmentOutOfRange(adjustment));
        require(Day.unwrap(useByDay) == 0 || endDay <= useByDay, UseByBeforeVintageEnd(useByDay, endDay));
    }

    function checkPlace(BatchStatement calldata statement) private view {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        BatchId batchId = statement.batchId;
        bytes32 root = statement.root;
        BatchId previous = statement.previousBatchId;
        (uint32 claimDays, uint32 leastDays) = (statement.claimPeriodDays, $.settings.leastClaimDays);
        require(claimDays >= leastDays, ClaimPeriodTooShort(claimDays, leastDays));
        requireClaimDaysInRange(claimDays);
        require($.keySchemes[statement.keySchemeHash], KeySchemeNotAllowed(statement.keySchemeHash));
        require($.batches[batchId].status == BatchStatus.None, BatchKnown(batchId));
        BatchId sameRoot = $.batchOfRoot[root];
        require(sameRoot == NO_BATCH, RootKnown(root, sameRoot));
        BatchId head = latestOf(msg.sender);
        require(previous == head, PreviousBatchMismatch(previous, head));
    }

    function checkMethodologies(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds
    ) private view {
        bytes32 stated = statement.methodologiesHash;
        bool isStated =
            methodologyIds.length > 0 &&
                Ascending.isStrict(methodologyIds) &&
                Provenances.methodologiesHashOf(methodologyIds) == stated;
        require(isStated, MethodologiesMismatch(stated));
        bytes32 unusable = methodologies.firstUnusable(methodologyIds, statement.region);
        require(unusable == 0, MethodologyNotUsable(unusable));
    }

    function attestersOf(
        BatchStatement calldata statement,
        bytes[] calldata signatures
    ) private view returns (address[] memory) {
        (uint8 threshold, uint8 verifierSet) = quorumOf(statement.region);
        bytes32 firmId = participants.firmOf(statement.operator);
        // One firm more than attest: of it comes who attested nothing and rules on this batch later. The
        // operator's own could do neither.
        uint256 firms = participants.firmCountBeside(verifierSet, firmId);
        require(firms > threshold, QuorumFirmsTooFew(firms, threshold));
        Quorum.Rule memory rule = Quorum.Rule(
            threshold,
            ParticipantKinds.VERIFIER,
            verifierSet,
            firmId,
            true
        );
        return Quorum.signersOf(hashStatement(statement), signatures, rule, participants);
    }

    function storable(Day day) private pure returns (StoredDay) {
        uint32 number = Day.unwrap(day);
        require(number <= type(uint24).max, DayOutOfRange(day));
        return StoredDay.wrap(uint24(number));
    }
}
