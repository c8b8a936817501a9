// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {CreditIssuer} from "../credits/CreditIssuer.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {IExternalUnits} from "../interfaces/IExternalUnits.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {DisjointRanges} from "../libraries/DisjointRanges.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Serials} from "../libraries/Serials.sol";
import {Day} from "../types/Day.sol";
import {Immobilisation, StoredUnits, UnitBlock, UnitSuspension} from "../types/ExternalUnit.sol";
import {UnitIds} from "../libraries/UnitIds.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {RetirementAmount, RetirementLine} from "../types/Retirement.sol";
import {ExternalUnitsStorage} from "./ExternalUnitsStorage.sol";

/// @title Credits on units of other registries. See IExternalUnits.
contract ExternalUnits is CreditIssuer, IExternalUnits, AccessManaged, EIP712 {
    using DisjointRanges for DisjointRanges.Line;

    bytes private constant BLOCK_TYPE =
        "UnitBlock(bytes32 registryId,bytes prefix,uint64 first,uint64 end,uint32 vintageStartDay,"
        "uint32 vintageEndDay,bytes8 region,bytes2 hostCountry,bytes32 documentHash)";
    bytes32 private constant BLOCK_TYPE_HASH = keccak256(BLOCK_TYPE);
    bytes32 private constant STATEMENT_TYPE_HASH = keccak256(
        abi.encodePacked("Immobilisation(UnitBlock units,address recipient,uint64 deadline)", BLOCK_TYPE)
    );

    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        ICarbonCredit credit;
        /// The only caller of `recordRetirement`.
        address retirements;
    }

    IParticipantRegistry public immutable participants;
    ICarbonCredit public immutable credit;

    constructor(
        address manager,
        Links memory links
    ) CreditIssuer(links.retirements) AccessManaged(manager) EIP712("Microtonne ExternalUnits", "1") {
        bool complete =
            address(links.participants) != address(0) &&
                address(links.credit) != address(0) &&
                links.retirements != address(0);
        require(complete, ZeroDependency());
        participants = links.participants;
        credit = links.credit;
    }

    /// @inheritdoc IExternalUnits
    function immobilise(
        Immobilisation calldata statement,
        uint64 hint,
        bytes calldata signature
    ) external nonReentrant returns (uint256 id) {
        ExternalUnitsStorage.Layout storage $ = ExternalUnitsStorage.layout();
        require(!$.paused, IssuancePaused());
        require(block.timestamp <= statement.deadline, StatementExpired(statement.deadline, block.timestamp));
        UnitBlock calldata units = statement.units;
        checkFields(units);
        id = idOf(units);
        require($.units[id].units == 0, UnitsKnown(id));
        checkSigner(units.registryId, Quorum.signerOf(hashStatement(statement), signature, 0));

        uint40 count = uint40(units.end - units.first);
        bytes32 prefixHash = keccak256(units.prefix);
        $.lines[units.registryId][prefixHash].insert(units.first, units.end, hint);
        $.units[id] = StoredUnits(units.registryId, prefixHash, units.first, count, 0, Milligrams.wrap(0), 0);
        emit UnitsImmobilised(id, units.registryId, statement.recipient, units);

        credit.mint(statement.recipient, id, Serials.unitsToBaseUnits(count));
    }

    /// @inheritdoc IExternalUnits
    function release(uint256 id, uint64 count, bytes32 destinationHash) external nonReentrant {
        StoredUnits storage units = knownUnits(id);
        requireMoving(id, units.suspension);
        require(destinationHash != 0, DestinationMissing());
        uint64 most = Milligrams.unwrap(circulatingMg(units)) / Serials.MILLIGRAMS_PER_UNIT;
        require(count > 0 && count <= most, ReleaseOutOfRange(count, most));

        // Burned before anything is free. The token is this deployment's own and calls nobody at a burn.
        credit.burnByIssuer(msg.sender, id, Serials.unitsToBaseUnits(count));
        uint64 first = units.first;
        uint64 end = first + units.units - units.released;
        units.released += uint40(count);
        ExternalUnitsStorage.layout().lines[units.registryId][units.prefixHash].shrink(first, end - count);
        emit UnitsReleased(id, msg.sender, end - count, end, destinationHash);
    }

    /// @inheritdoc IExternalUnits
    function suspend(uint256 id) external nonReentrant {
        StoredUnits storage units = knownUnits(id);
        setSuspension(id, units, units.suspension | causeOfCaller(units.registryId));
    }

    /// @inheritdoc IExternalUnits
    function reinstate(uint256 id) external nonReentrant {
        StoredUnits storage units = knownUnits(id);
        setSuspension(id, units, units.suspension & ~causeOfCaller(units.registryId));
    }

    /// @inheritdoc IExternalUnits
    function setRegistryOperator(bytes32 registryId, address operator) external restricted {
        require(registryId != 0, StatementIncomplete());
        ExternalUnitsStorage.layout().operatorOf[registryId] = operator;
        emit RegistryOperatorSet(registryId, operator);
    }

    /// @inheritdoc IExternalUnits
    function setPaused(bool paused) external restricted {
        ExternalUnitsStorage.layout().paused = paused;
        emit PausedSet(paused);
    }

    /// @inheritdoc IExternalUnits
    function isPaused() external view returns (bool) {
        return ExternalUnitsStorage.layout().paused;
    }

    /// @inheritdoc IExternalUnits
    function unitsOf(uint256 id) external view returns (StoredUnits memory) {
        return ExternalUnitsStorage.layout().units[id];
    }

    /// @inheritdoc ICreditIssuer
    function circulatingOf(uint256 id) external view returns (uint256 amount) {
        return Serials.toBaseUnits(circulatingMg(ExternalUnitsStorage.layout().units[id]));
    }

    /// @inheritdoc IExternalUnits
    function neighbourOf(
        bytes32 registryId,
        bytes calldata prefix,
        uint64 first
    ) external view returns (uint64 previous, uint64 end, uint64 next) {
        DisjointRanges.Line storage line = ExternalUnitsStorage.layout().lines[registryId][keccak256(prefix)];
        (previous, next) = line.neighbours(first, DisjointRanges.START);
        end = line.ranges[previous].end;
    }

    /// @inheritdoc IExternalUnits
    function operatorOf(bytes32 registryId) public view returns (address operator) {
        return ExternalUnitsStorage.layout().operatorOf[registryId];
    }

    /// @inheritdoc IExternalUnits
    function idOf(UnitBlock calldata units) public pure returns (uint256 id) {
        return UnitIds.fromHash(hashBlock(units));
    }

    /// @inheritdoc IExternalUnits
    function hashStatement(Immobilisation calldata statement) public view returns (bytes32 digest) {
        bytes32 blockHash = hashBlock(statement.units);
        return
            _hashTypedDataV4(
                keccak256(abi.encode(STATEMENT_TYPE_HASH, blockHash, statement.recipient, statement.deadline))
            );
    }

    /// @dev Takes the next range at the block's cursor.
    function useUp(RetirementAmount calldata amount) internal override returns (RetirementLine memory) {
        (uint256 id, uint64 asked) = (amount.batchId, Milligrams.unwrap(amount.milligrams));
        StoredUnits storage units = knownUnits(id);
        requireMoving(id, units.suspension);
        uint64 available = Milligrams.unwrap(circulatingMg(units));
        require(
            asked <= available,
            RetirementExceedsUnits(Milligrams.wrap(asked), Milligrams.wrap(available))
        );
        uint64 start = Milligrams.unwrap(units.retiredMg);
        units.retiredMg = Milligrams.wrap(start + asked);
        return RetirementLine(id, start, start + asked);
    }

    function setSuspension(uint256 id, StoredUnits storage units, uint8 causes) private {
        uint8 before = units.suspension;
        if (causes == before) return;
        units.suspension = causes;
        emit SuspensionSet(id, causes);
        if (before == 0 || causes == 0) credit.setSuspended(id, causes != 0);
    }

    function causeOfCaller(bytes32 registryId) private view returns (uint8) {
        if (isOperator(registryId, msg.sender)) return UnitSuspension.REGISTRY;
        bool isRegulator = participants.hasKind(msg.sender, ParticipantKinds.REGULATOR);
        require(isRegulator, CallerNotEntitled(msg.sender, registryId));
        return UnitSuspension.ORDER;
    }

    function hashBlock(UnitBlock calldata units) private pure returns (bytes32) {
        bytes memory place = abi.encode(
            BLOCK_TYPE_HASH,
            units.registryId,
            keccak256(units.prefix),
            units.first,
            units.end
        );
        bytes memory origin = abi.encode(
            units.vintageStartDay,
            units.vintageEndDay,
            units.region,
            units.hostCountry,
            units.documentHash
        );
        return keccak256(bytes.concat(place, origin));
    }

    function checkSigner(bytes32 registryId, address signer) private view {
        require(isOperator(registryId, signer), Quorum.SignerNotEntitled(signer));
    }

    function isOperator(bytes32 registryId, address account) private view returns (bool) {
        return account == operatorOf(registryId) && participants.hasKind(account, ParticipantKinds.REGISTRY);
    }

    function knownUnits(uint256 id) private view returns (StoredUnits storage units) {
        units = ExternalUnitsStorage.layout().units[id];
        require(units.units != 0, UnitsUnknown(id));
    }

    function circulatingMg(StoredUnits storage units) private view returns (Milligrams) {
        return
            Milligrams.wrap(
                uint64(units.units - units.released) * Serials.MILLIGRAMS_PER_UNIT -
                    Milligrams.unwrap(units.retiredMg)
            );
    }

    function requireMoving(uint256 id, uint8 suspension) private pure {
        require(suspension == 0, UnitsSuspended(id, suspension));
    }

    function checkFields(UnitBlock calldata units) private pure {
        (uint64 first, uint64 end) = (units.first, units.end);
        (Day startDay, Day endDay) = (units.vintageStartDay, units.vintageEndDay);
        require(units.registryId != 0 && units.documentHash != 0, StatementIncomplete());
        bool countable = first < end && uint256(end - first) * Serials.MILLIGRAMS_PER_UNIT < Serials.LIMIT;
        require(countable, UnitsOutOfRange(first, end));
        require(startDay <= endDay, VintageOutOfRange(startDay, endDay));
        require(CountryCode.isWellFormed(units.hostCountry), CountryMalformed(units.hostCountry));
    }
}
