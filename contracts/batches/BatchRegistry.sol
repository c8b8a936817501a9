// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {IMethodologyRegistry} from "../interfaces/IMethodologyRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Accounting} from "../libraries/Accounting.sol";
import {CivilYear} from "../libraries/CivilYear.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Serials} from "../libraries/Serials.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Batch, BatchAccount, BatchStatus, StoredBatch, SuspensionCause} from "../types/Batch.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {RetirementAmount, RetirementLine} from "../types/Retirement.sol";
import {SumNode} from "../types/SumNode.sol";
import {BatchBooks} from "./BatchBooks.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title Commits batches and keeps their accounts. See IBatchRegistry.
contract BatchRegistry is IBatchRegistry, AccessManaged, EIP712, ReentrancyGuardTransient {
    using BatchBooks for StoredBatch;
    using BitMaps for BitMaps.BitMap;

    bytes32 private constant STATEMENT_TYPE_HASH = keccak256(
        "BatchStatement(uint256 batchId,address operator,bytes32 root,uint64 totalMilligrams,uint32 leafCount,"
        "uint64 bufferMilligrams,uint32 claimPeriodDays,uint32 vintageStartDay,uint32 vintageEndDay,bytes8 region,"
        "bytes32 methodologiesHash,bytes32 keySchemeHash,bytes32 leavesHash,uint64 subjectlessMilligrams,"
        "uint256 previousBatchId,uint64 deadline)"
    );

    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        IMethodologyRegistry methodologies;
        ICarbonCredit credit;
        /// The only caller of `recordRetirement` and `recordReplacement`.
        address retirements;
        /// The only caller of `strike`, `openDispute` and `closeDispute`.
        address disputes;
    }

    IParticipantRegistry public immutable participants;
    IMethodologyRegistry public immutable methodologies;
    ICarbonCredit public immutable credit;
    address public immutable retirements;
    address public immutable disputes;

    /// @param threshold As `setQuorum` for region 0 and any verifier.
    /// @param window As `setChallengeWindow`.
    constructor(
        address manager,
        Links memory links,
        uint8 threshold,
        uint32 window
    ) AccessManaged(manager) EIP712("Microtonne BatchRegistry", "1") {
        bool complete = address(links.participants) != address(0) &&
            address(links.methodologies) != address(0) &&
            address(links.credit) != address(0) &&
            links.retirements != address(0) &&
            links.disputes != address(0);
        require(complete, ZeroDependency());
        participants = links.participants;
        methodologies = links.methodologies;
        credit = links.credit;
        retirements = links.retirements;
        disputes = links.disputes;
        applyQuorum(0, threshold, 0);
        applyChallengeWindow(window);
    }

    modifier onlyDisputes() {
        require(msg.sender == disputes, CallerNotDisputes(msg.sender));
        _;
    }

    modifier onlyRetirements() {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        _;
    }

    /// @inheritdoc IBatchRegistry
    function commit(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external nonReentrant {
        accept(statement, methodologyIds, signatures, false);
    }

    /// @inheritdoc IBatchRegistry
    function commitAndMint(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external nonReentrant {
        uint32 window = BatchStorage.layout().challengeWindow;
        require(window == 0, ChallengeWindowOpen(statement.batchId, block.timestamp + window));
        uint64 milligrams = accept(statement, methodologyIds, signatures, true);
        emit BatchMinted(statement.batchId, statement.operator, milligrams);

        credit.mint(statement.operator, statement.batchId, Serials.toBaseUnits(milligrams));
    }

    /// @inheritdoc IBatchRegistry
    function mint(uint256 batchId) external nonReentrant {
        StoredBatch storage batch = known(batchId);
        checkOperator(batch.operator);
        require(batch.status == BatchStatus.Committed, BatchAlreadyMinted(batchId));
        uint256 windowEnd = uint256(batch.committedAt) + batch.challengeWindow;
        require(block.timestamp >= windowEnd, ChallengeWindowOpen(batchId, windowEnd));
        requireMoving(batchId, batch);
        BatchAccount memory account = batch.load();
        uint64 milligrams = Accounting.mintMain(account, batch.bufferMg);

        batch.status = BatchStatus.Minted;
        batch.save(account);
        emit BatchMinted(batchId, msg.sender, milligrams);

        credit.mint(msg.sender, batchId, Serials.toBaseUnits(milligrams));
    }

    /// @inheritdoc IBatchRegistry
    function mintRest(uint256 batchId) external nonReentrant {
        StoredBatch storage batch = known(batchId);
        checkOperator(batch.operator);
        BatchStatus status = batch.status;
        require(status >= BatchStatus.Minted, BatchNotMinted(batchId));
        require(status == BatchStatus.Minted, BatchAlreadyMinted(batchId));
        uint256 claimsEnd = uint256(batch.committedAt) + uint256(batch.claimPeriodDays) * 1 days;
        require(block.timestamp >= claimsEnd, ClaimPeriodOpen(batchId, claimsEnd));
        require(batch.openDisputes == 0, DisputesOpen(batchId, batch.openDisputes));
        requireMoving(batchId, batch);
        BatchAccount memory account = batch.load();
        uint64 milligrams = Accounting.mintRest(account);

        batch.status = BatchStatus.Completed;
        batch.save(account);
        emit BatchCompleted(batchId, msg.sender, milligrams);

        if (milligrams > 0) credit.mint(msg.sender, batchId, Serials.toBaseUnits(milligrams));
    }

    /// @inheritdoc IBatchRegistry
    function cureByBurning(uint256 batchId, uint64 milligrams) external nonReentrant {
        StoredBatch storage batch = known(batchId);
        require(msg.sender == batch.operator, CallerNotOperator(msg.sender, batch.operator));
        BatchAccount memory account = batch.load();
        Accounting.cureByBurning(account, milligrams);

        batch.save(account);
        emit ShortfallCured(batchId, msg.sender, milligrams, false);

        credit.burnByIssuer(msg.sender, batchId, Serials.toBaseUnits(milligrams));
        if (account.shortfallMg == 0) lift(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc IBatchRegistry
    function recordReplacement(uint256 batchId, address operator, uint64 milligrams) external onlyRetirements nonReentrant {
        StoredBatch storage batch = known(batchId);
        require(operator == batch.operator, CallerNotOperator(operator, batch.operator));
        BatchAccount memory account = batch.load();
        Accounting.cureByReplacing(account, milligrams);

        batch.save(account);
        emit ShortfallCured(batchId, operator, milligrams, true);

        if (account.shortfallMg == 0) lift(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc ICreditIssuer
    function recordRetirement(
        RetirementAmount[] calldata amounts
    ) external onlyRetirements nonReentrant returns (RetirementLine[] memory lines) {
        lines = new RetirementLine[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) lines[i] = useUp(amounts[i]);
    }

    /// @inheritdoc IBatchRegistry
    function strike(uint256 batchId, uint256 index, uint64 start, uint64 end) external onlyDisputes nonReentrant {
        StoredBatch storage batch = known(batchId);
        BitMaps.BitMap storage struckLeaves = BatchStorage.layout().struckLeaves[batchId];
        require(!struckLeaves.get(index), LeafAlreadyStruck(batchId, index));
        BatchAccount memory account = batch.load();
        Accounting.strike(account, end - start);

        struckLeaves.set(index);
        batch.save(account);
        // Source: batch format, "Serials under strikes"; index, start and end as uint64.
        bytes32 strikesHash = keccak256(abi.encodePacked(batch.strikesHash, uint64(index), start, end));
        batch.strikesHash = strikesHash;
        emit LeafStruck(batchId, index, start, end, strikesHash);

        if (account.shortfallMg > 0) impose(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc IBatchRegistry
    function openDispute(uint256 batchId) external onlyDisputes {
        StoredBatch storage batch = known(batchId);
        require(batch.openDisputes < type(uint8).max, TooManyDisputes(batchId));
        ++batch.openDisputes;
    }

    /// @inheritdoc IBatchRegistry
    function closeDispute(uint256 batchId) external onlyDisputes {
        --known(batchId).openDisputes;
    }

    /// @inheritdoc IBatchRegistry
    function suspend(uint256 batchId, uint8 causes) external nonReentrant {
        checkCauses(causes);
        impose(batchId, known(batchId), causes);
    }

    /// @inheritdoc IBatchRegistry
    function reinstate(uint256 batchId, uint8 causes) external nonReentrant {
        checkCauses(causes);
        lift(batchId, known(batchId), causes);
    }

    /// @inheritdoc IBatchRegistry
    function setQuorum(bytes8 region, uint8 threshold, uint8 verifierSet) external restricted {
        applyQuorum(region, threshold, verifierSet);
    }

    /// @inheritdoc IBatchRegistry
    function setChallengeWindow(uint32 window) external restricted {
        applyChallengeWindow(window);
    }

    /// @inheritdoc IBatchRegistry
    function setKeyScheme(bytes32 keySchemeHash, bool allowed) external restricted {
        BatchStorage.layout().keySchemes[keySchemeHash] = allowed;
        emit KeySchemeSet(keySchemeHash, allowed);
    }

    /// @inheritdoc IBatchRegistry
    function batchOf(uint256 batchId) external view returns (Batch memory) {
        return BatchStorage.layout().batches[batchId].flat();
    }

    /// @inheritdoc IBatchRegistry
    function headOf(address operator) external view returns (uint256 batchId) {
        return BatchStorage.layout().headOf[operator];
    }

    /// @inheritdoc IBatchRegistry
    function batchOfRoot(bytes32 root) external view returns (uint256 batchId) {
        return BatchStorage.layout().batchOfRoot[root];
    }

    /// @inheritdoc ICreditIssuer
    function circulatingOf(uint256 batchId) external view returns (uint256 amount) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        return Serials.toBaseUnits(batch.mintedMg - batch.retiredMg);
    }

    /// @inheritdoc IBatchRegistry
    function challengeWindow() external view returns (uint32) {
        return BatchStorage.layout().challengeWindow;
    }

    /// @inheritdoc IBatchRegistry
    function keySchemeAllowed(bytes32 keySchemeHash) external view returns (bool) {
        return BatchStorage.layout().keySchemes[keySchemeHash];
    }

    /// @inheritdoc IBatchRegistry
    function commitmentOf(uint256 batchId) external view returns (uint64 totalMg, uint32 leafCount) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        return (batch.totalMg, batch.leafCount);
    }

    /// @inheritdoc IBatchRegistry
    function isStruck(uint256 batchId, uint256 index) external view returns (bool) {
        return BatchStorage.layout().struckLeaves[batchId].get(index);
    }

    /// @inheritdoc IBatchRegistry
    function verifyLeaf(
        uint256 batchId,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (uint64 start, uint64 end) {
        bytes32 root;
        (root, start, end) = SumTree.rangeOf(storedCommitment(batchId), leaf, index, siblings);
        requireRoot(batchId, root);
    }

    /// @inheritdoc IBatchRegistry
    function verifyAbsence(
        uint256 batchId,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (bool absent) {
        bytes32 root;
        (root, absent) = SumTree.isAbsent(storedCommitment(batchId), key, leaf, index, siblings);
        requireRoot(batchId, root);
    }

    /// @inheritdoc IBatchRegistry
    function quorumOf(bytes8 region) public view returns (uint8 threshold, uint8 verifierSet) {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        BatchStorage.QuorumTerms memory terms = $.quorums[region];
        if (terms.threshold == 0) terms = $.quorums[0];
        return (terms.threshold, terms.verifierSet);
    }

    /// @inheritdoc IBatchRegistry
    function hashStatement(BatchStatement calldata statement) public view returns (bytes32 digest) {
        // Every field is static, so abi.encode lays them out just as EIP-712 encodes them.
        return _hashTypedDataV4(keccak256(abi.encode(STATEMENT_TYPE_HASH, statement)));
    }

    /// @dev Everything of a commit. With `mintNow` the main mint is booked too, in the same words; what to mint is returned.
    function accept(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures,
        bool mintNow
    ) private returns (uint64 mintedMg) {
        checkOperator(statement.operator);
        checkFields(statement);
        checkPlace(statement);
        checkMethodologies(statement, methodologyIds);
        address[] memory attesters = attestersOf(statement, signatures);
        BatchAccount memory account = Accounting.open(statement.totalMilligrams, statement.bufferMilligrams);
        if (mintNow) mintedMg = Accounting.mintMain(account, statement.bufferMilligrams);

        store(statement, account, Quorum.hashOf(attesters), mintNow ? BatchStatus.Minted : BatchStatus.Committed);
        emitCommitted(statement, attesters);
    }

    /// @dev Takes the next range at the batch's cursor.
    function useUp(RetirementAmount calldata amount) private returns (RetirementLine memory) {
        uint256 batchId = amount.batchId;
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        require(batch.status >= BatchStatus.Minted, BatchNotMinted(batchId));
        requireMoving(batchId, batch);
        BatchAccount memory account = batch.load();
        (uint64 start, uint64 end) = Accounting.retire(account, amount.milligrams);
        batch.retiredMg = end;
        return RetirementLine(batchId, start, end);
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

    function checkOperator(address operator) private view {
        require(msg.sender == operator, CallerNotOperator(msg.sender, operator));
        require(participants.hasKind(operator, ParticipantKinds.OPERATOR), OperatorNotRegistered(operator));
    }

    function checkFields(BatchStatement calldata statement) private view {
        uint64 total = statement.totalMilligrams;
        (uint32 startDay, uint32 endDay) = (statement.vintageStartDay, statement.vintageEndDay);
        require(block.timestamp <= statement.deadline, StatementExpired(statement.deadline, block.timestamp));
        require(statement.batchId != 0 && statement.root != 0 && statement.region != 0, StatementIncomplete());
        require(total > 0 && total < Serials.LIMIT, TotalOutOfRange(total));
        require(statement.leafCount > 0 && statement.leafCount <= total, LeafCountOutOfRange(statement.leafCount, total));
        require(statement.subjectlessMilligrams <= total, SubjectlessExceedsTotal(statement.subjectlessMilligrams, total));
        require(startDay <= endDay && CivilYear.yearOf(startDay) == CivilYear.yearOf(endDay), VintageOutOfRange(startDay, endDay));
    }

    function checkPlace(BatchStatement calldata statement) private view {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        uint256 batchId = statement.batchId;
        require($.keySchemes[statement.keySchemeHash], KeySchemeNotAllowed(statement.keySchemeHash));
        require($.batches[batchId].status == BatchStatus.None, BatchKnown(batchId));
        uint256 sameRoot = $.batchOfRoot[statement.root];
        require(sameRoot == 0, RootKnown(statement.root, sameRoot));
        uint256 head = $.headOf[statement.operator];
        require(statement.previousBatchId == head, PreviousBatchMismatch(statement.previousBatchId, head));
    }

    function checkMethodologies(BatchStatement calldata statement, bytes32[] calldata methodologyIds) private view {
        bytes32 previous = 0;
        for (uint256 i = 0; i < methodologyIds.length; ++i) {
            require(methodologyIds[i] > previous, MethodologiesMismatch(statement.methodologiesHash));
            previous = methodologyIds[i];
        }
        // Array elements are padded to 32 bytes, which an id fills: this is their concatenation.
        bool stated = previous != 0 && keccak256(abi.encodePacked(methodologyIds)) == statement.methodologiesHash;
        require(stated, MethodologiesMismatch(statement.methodologiesHash));
        bytes32 unusable = methodologies.firstUnusable(methodologyIds, statement.region);
        require(unusable == 0, MethodologyNotUsable(unusable));
    }

    function attestersOf(BatchStatement calldata statement, bytes[] calldata signatures) private view returns (address[] memory) {
        (uint8 threshold, uint8 verifierSet) = quorumOf(statement.region);
        Quorum.Rule memory rule = Quorum.Rule(threshold, ParticipantKinds.VERIFIER, verifierSet, statement.operator);
        return Quorum.signersOf(hashStatement(statement), signatures, rule, participants);
    }

    function store(
        BatchStatement calldata statement,
        BatchAccount memory account,
        bytes32 attestersHash,
        BatchStatus status
    ) private {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        StoredBatch storage batch = $.batches[statement.batchId];
        batch.save(account);
        storeOrigin(batch, statement.operator, statement.leafCount, status);
        batch.provenanceHash = keccak256(abi.encode(attestersHash, statement.methodologiesHash));
        storeTerms(
            batch,
            statement.vintageStartDay,
            statement.vintageEndDay,
            statement.claimPeriodDays,
            statement.region,
            statement.bufferMilligrams,
            $.challengeWindow
        );
        $.batchOfRoot[statement.root] = statement.batchId;
        $.headOf[statement.operator] = statement.batchId;
    }

    /// @dev Values come as arguments here and below, so that the compiler writes their common slot once.
    function storeOrigin(StoredBatch storage batch, address operator, uint32 leafCount, BatchStatus status) private {
        batch.operator = operator;
        batch.committedAt = uint40(block.timestamp);
        batch.leafCount = leafCount;
        batch.status = status;
    }

    function storeTerms(
        StoredBatch storage batch,
        uint32 startDay,
        uint32 endDay,
        uint32 claimDays,
        bytes8 region,
        uint64 bufferMg,
        uint32 window
    ) private {
        batch.vintageStartDay = startDay;
        batch.vintageEndDay = endDay;
        batch.claimPeriodDays = claimDays;
        batch.region = region;
        batch.bufferMg = bufferMg;
        batch.challengeWindow = window;
    }

    function impose(uint256 batchId, StoredBatch storage batch, uint8 causes) private {
        uint8 before = batch.suspension;
        if (before | causes == before) return;
        batch.suspension = before | causes;
        emit SuspensionSet(batchId, before | causes);
        if (before == 0) credit.setSuspended(batchId, true);
    }

    function lift(uint256 batchId, StoredBatch storage batch, uint8 causes) private {
        uint8 before = batch.suspension;
        uint8 left = before & ~causes;
        if (left == before) return;
        batch.suspension = left;
        emit SuspensionSet(batchId, left);
        if (left == 0) credit.setSuspended(batchId, false);
    }

    function checkCauses(uint8 causes) private view {
        bool byOrder = causes == SuspensionCause.ORDER && participants.hasKind(msg.sender, ParticipantKinds.REGULATOR);
        require(byOrder || msg.sender == disputes, CallerNotDisputes(msg.sender));
        require(causes != 0 && causes & ~SuspensionCause.LIFTABLE == 0, CausesOutOfRange(causes));
    }

    function known(uint256 batchId) private view returns (StoredBatch storage batch) {
        batch = BatchStorage.layout().batches[batchId];
        require(batch.status != BatchStatus.None, BatchUnknown(batchId));
    }

    function requireMoving(uint256 batchId, StoredBatch storage batch) private view {
        require(batch.suspension == 0, BatchSuspended(batchId, batch.suspension));
    }

    function requireRoot(uint256 batchId, bytes32 root) private view {
        require(BatchStorage.layout().batchOfRoot[root] == batchId, SumTree.RootMismatch(root, batchId));
    }

    function storedCommitment(uint256 batchId) private view returns (SumTree.Commitment memory commitment) {
        StoredBatch storage batch = known(batchId);
        commitment.totalMg = batch.totalMg;
        commitment.leafCount = batch.leafCount;
    }

    function applyQuorum(bytes8 region, uint8 threshold, uint8 verifierSet) private {
        require(threshold > 0 || region != 0, ThresholdZero());
        BatchStorage.layout().quorums[region] = BatchStorage.QuorumTerms(threshold, verifierSet);
        emit QuorumSet(region, threshold, verifierSet);
    }

    function applyChallengeWindow(uint32 window) private {
        BatchStorage.layout().challengeWindow = window;
        emit ChallengeWindowSet(window);
    }
}
