// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {BatchLinks} from "../../../contracts/batches/BatchLinks.sol";
import {BatchRegistry} from "../../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {MethodologyRegistry} from "../../../contracts/methodologies/MethodologyRegistry.sol";
import {ParticipantRegistry} from "../../../contracts/participants/ParticipantRegistry.sol";
import {RetirementRegistry} from "../../../contracts/retirements/RetirementRegistry.sol";
import {SettlementCash} from "../../../contracts/settlement/SettlementCash.sol";
import {ICreditIssuer} from "../../../contracts/interfaces/ICreditIssuer.sol";
import {ISettlementCash} from "../../../contracts/interfaces/ISettlementCash.sol";
import {BatchCategory} from "../../../contracts/types/BatchCategory.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {Admission, ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {vm} from "./Vm.sol";

/// @title One deployment, made as production makes it, with the inheriting contract as its admin.
abstract contract SystemBuilder {
    bytes32 internal constant KEY_SCHEME = keccak256("key scheme");
    bytes32 internal constant METHODOLOGY = keccak256("methodology");
    bytes8 internal constant REGION = "WUHAN";
    bytes32 internal constant TERMS = keccak256("terms");
    uint256 internal constant FIRST_VERIFIER_KEY = 0xA11CE;
    uint256 internal constant SECOND_VERIFIER_KEY = 0xB0B;
    uint256 internal constant THIRD_VERIFIER_KEY = 0xC0FFEE;

    AccessManager internal manager;
    ParticipantRegistry internal participants;
    MethodologyRegistry internal methodologies;
    BatchRegistry internal batches;
    CarbonCredit internal credit;
    RetirementRegistry internal retirements;

    /// @param disputes Where the contract of disputes is or will be.
    /// @param externalUnits Where the external units are or will be.
    function build(address disputes, address externalUnits) internal {
        manager = new AccessManager(address(this));
        participants = new ParticipantRegistry(address(manager), 1, 0);
        methodologies = new MethodologyRegistry(address(manager));
        uint64 nonce = vm.getNonce(address(this));
        address creditAt = createdAt(nonce + 1);
        address retirementsAt = createdAt(nonce + 2);
        batches = new BatchRegistry(
            address(manager),
            BatchLinks.Links(participants, methodologies, CarbonCredit(creditAt), retirementsAt, disputes),
            2,
            0
        );
        CarbonCredit.Links memory links = CarbonCredit.Links(
            participants,
            batches,
            ICreditIssuer(externalUnits),
            retirementsAt
        );
        credit = new CarbonCredit(address(manager), links, "https://registry.example/credits/");
        retirements = new RetirementRegistry(
            RetirementRegistry.Links(participants, batches, ICreditIssuer(externalUnits), credit)
        );
        assert(address(credit) == creditAt && address(retirements) == retirementsAt);

        batches.setKeyScheme(KEY_SCHEME, true);
        methodologies.publish(METHODOLOGY, REGION, Day.wrap(0), Day.wrap(30_000));
        appoint(vm.addr(FIRST_VERIFIER_KEY), ParticipantKinds.VERIFIER);
        appoint(vm.addr(SECOND_VERIFIER_KEY), ParticipantKinds.VERIFIER);
        // One firm more than attest.
        appoint(vm.addr(THIRD_VERIFIER_KEY), ParticipantKinds.VERIFIER);
        // A methodology is usable from the second after its publication on.
        vm.warp(block.timestamp + 1);
    }

    function appoint(address account, uint32 kinds) internal {
        participants.appoint(Admission(account, kinds, "CN", 0, firmIdOf(account)), 0);
    }

    /// @dev A bank's wallet issues this token, as much as it likes for a day.
    function openCash(SettlementCash cash, address issuer) internal {
        appoint(issuer, ParticipantKinds.CASH_ISSUER);
        cash.setIssuer(firmIdOf(issuer));
        cash.raiseLimit(type(uint256).max);
        vm.prank(issuer);
        cash.stateReserve(
            ISettlementCash.ReserveStatement(type(uint256).max, uint40(block.timestamp), "statement")
        );
    }

    function firmIdOf(address account) internal pure returns (bytes16) {
        return bytes16(keccak256(abi.encode(account)));
    }

    /// @notice A statement that the operator may commit next: one leaf, no buffer, no claim period.
    function statementOf(
        address operator,
        uint256 batchId,
        uint64 totalMg
    ) internal view returns (BatchStatement memory statement) {
        statement.batchId = BatchId.wrap(batchId);
        statement.operator = operator;
        statement.root = keccak256(abi.encode("root", batchId));
        statement.totalMilligrams = Milligrams.wrap(totalMg);
        statement.leafCount = 1;
        statement.vintageStartDay = Day.wrap(20_000);
        statement.vintageEndDay = Day.wrap(20_030);
        statement.region = REGION;
        statement.methodologiesHash = keccak256(abi.encodePacked(METHODOLOGY));
        statement.keySchemeHash = KEY_SCHEME;
        statement.leavesHash = keccak256(abi.encode("leaves", batchId));
        statement.previousBatchId = batches.headOf(operator);
        addTerms(statement);
    }

    /// @notice Acts in China without an end, to be committed by now.
    function addTerms(BatchStatement memory statement) internal view {
        statement.category = BatchCategory.ACT;
        statement.hostCountry = "CN";
        statement.termsHash = TERMS;
        statement.deadline = uint64(block.timestamp);
    }

    function methodologyIds() internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = METHODOLOGY;
    }

    /// @notice Signatures of both verifiers, ascending by address.
    function attest(bytes32 digest) internal pure returns (bytes[] memory signatures) {
        bool inOrder = vm.addr(FIRST_VERIFIER_KEY) < vm.addr(SECOND_VERIFIER_KEY);
        signatures = new bytes[](2);
        signatures[0] = signature(inOrder ? FIRST_VERIFIER_KEY : SECOND_VERIFIER_KEY, digest);
        signatures[1] = signature(inOrder ? SECOND_VERIFIER_KEY : FIRST_VERIFIER_KEY, digest);
    }

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Address of a contract that this one creates with a nonce below 128.
    function createdAt(uint64 nonce) internal view returns (address) {
        assert(nonce > 0 && nonce < 128);
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), uint8(nonce))))));
    }
}
