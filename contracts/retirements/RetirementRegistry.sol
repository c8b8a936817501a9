// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {IERC5192} from "../interfaces/IERC5192.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IRetirementRegistry} from "../interfaces/IRetirementRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Serials} from "../libraries/Serials.sol";
import {BatchId} from "../types/BatchId.sol";
import {LienTerms} from "../types/Lien.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {Retirement, RetirementAmount, RetirementLine, RetirementRequest} from "../types/Retirement.sol";
import {CertificateText} from "./CertificateText.sol";
import {RetirementStorage} from "./RetirementStorage.sol";

/// @title Retires credits for good. See IRetirementRegistry.
contract RetirementRegistry is IRetirementRegistry, ERC721, ReentrancyGuardTransient {
    uint8 private constant MAX_PURPOSE = 5;
    uint8 private constant REPLACEMENT = 6;
    uint64 private constant WHOLE_BALANCE = type(uint64).max;

    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        IBatchRegistry batches;
        ICreditIssuer externalUnits;
        ICarbonCredit credit;
    }

    IParticipantRegistry public immutable participants;
    IBatchRegistry public immutable batches;
    ICreditIssuer public immutable externalUnits;
    ICarbonCredit public immutable credit;

    constructor(Links memory links) ERC721("Microtonne Retirement Certificate", "MT-RC") {
        bool complete =
            address(links.participants) != address(0) &&
                address(links.batches) != address(0) &&
                address(links.externalUnits) != address(0) &&
                address(links.credit) != address(0);
        require(complete, ZeroDependency());
        participants = links.participants;
        batches = links.batches;
        externalUnits = links.externalUnits;
        credit = links.credit;
    }

    /// @inheritdoc IRetirementRegistry
    function retire(RetirementRequest calldata request) external nonReentrant returns (bytes32) {
        return retireOwn(batches, msg.sender, request);
    }

    /// @inheritdoc IRetirementRegistry
    function retireFor(
        address holder,
        RetirementRequest calldata request
    ) external nonReentrant returns (bytes32) {
        requireApproval(holder);
        return retireOwn(batches, holder, request);
    }

    /// @inheritdoc IRetirementRegistry
    function retireFromPool(
        address holder,
        RetirementRequest calldata request
    ) external nonReentrant returns (bytes32) {
        (uint32 callerKinds, uint32 holderKinds) = participants.kindsOf(msg.sender, holder);
        require(
            callerKinds & ParticipantKinds.POOL != 0,
            CallerNotEntitled(msg.sender, ParticipantKinds.POOL)
        );
        require(holderKinds != 0, HolderNotActive(holder));
        checkPurpose(request.purpose);
        return retireFrom(batches, holder, msg.sender, request);
    }

    /// @inheritdoc IRetirementRegistry
    function retireByOrder(
        address holder,
        RetirementRequest calldata request,
        LienTerms[][] calldata released
    ) external nonReentrant returns (bytes32) {
        return order(batches, holder, request, released);
    }

    /// @inheritdoc IRetirementRegistry
    function retireExternal(RetirementRequest calldata request) external nonReentrant returns (bytes32) {
        return retireOwn(externalUnits, msg.sender, request);
    }

    /// @inheritdoc IRetirementRegistry
    function retireExternalFor(
        address holder,
        RetirementRequest calldata request
    ) external nonReentrant returns (bytes32) {
        requireApproval(holder);
        return retireOwn(externalUnits, holder, request);
    }

    /// @inheritdoc IRetirementRegistry
    function retireExternalByOrder(
        address holder,
        RetirementRequest calldata request,
        LienTerms[][] calldata released
    ) external nonReentrant returns (bytes32) {
        return order(externalUnits, holder, request, released);
    }

    /// @inheritdoc IRetirementRegistry
    function replaceShortfall(
        BatchId batchId,
        RetirementRequest calldata request
    ) external nonReentrant returns (bytes32 retirementId) {
        require(request.purpose == REPLACEMENT, PurposeOutOfRange(request.purpose));
        retirementId = retireFrom(batches, msg.sender, msg.sender, request);
        uint64 total = 0;
        for (uint256 i = 0; i < request.amounts.length; ++i)
            total += Milligrams.unwrap(request.amounts[i].milligrams);
        batches.recordReplacement(batchId, msg.sender, Milligrams.wrap(total));
    }

    /// @inheritdoc IRetirementRegistry
    function recoverCertificates(address lost, uint256[] calldata certificateIds) external {
        address replacement = participants.replacementOf(lost);
        require(replacement != address(0), NotRecovered(lost));
        for (uint256 i = 0; i < certificateIds.length; ++i) {
            uint256 id = certificateIds[i];
            require(_ownerOf(id) == lost, ERC721IncorrectOwner(lost, id, _ownerOf(id)));
            super._update(replacement, id, address(0));
        }
    }

    /// @inheritdoc IRetirementRegistry
    function recordHashOf(bytes32 retirementId) external view returns (bytes32) {
        return RetirementStorage.layout().recordHashOf[retirementId];
    }

    /// @inheritdoc IRetirementRegistry
    function covers(
        Retirement calldata retirement,
        uint256 batchId,
        uint64 position
    ) external view returns (bool) {
        bytes32 recordHash = RetirementStorage.layout().recordHashOf[retirement.retirementId];
        if (recordHash == 0 || recordHash != keccak256(abi.encode(retirement))) return false;
        for (uint256 i = 0; i < retirement.lines.length; ++i) {
            RetirementLine calldata line = retirement.lines[i];
            if (line.batchId == batchId && line.start <= position && position < line.end) return true;
        }
        return false;
    }

    /// @inheritdoc IERC5192
    function locked(uint256 tokenId) external view returns (bool) {
        _requireOwned(tokenId);
        return true;
    }

    /// @dev Nothing here ever moves by its owner, so approvals would only mislead.
    function approve(address, uint256 tokenId) public pure override(ERC721, IERC721) {
        revert CertificateLocked(tokenId);
    }

    function setApprovalForAll(address, bool) public pure override(ERC721, IERC721) {
        revert CertificatesLocked();
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return
            CertificateText.uriOf(
                bytes32(tokenId),
                RetirementStorage.layout().recordHashOf[bytes32(tokenId)]
            );
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == type(IERC5192).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc IRetirementRegistry
    function retirementIdOf(address holder, bytes32 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(holder, nonce));
    }

    /// @dev Certificates are minted and then stay.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        require(_ownerOf(tokenId) == address(0), CertificateLocked(tokenId));
        return super._update(to, tokenId, auth);
    }

    function retireOwn(
        ICreditIssuer issuer,
        address holder,
        RetirementRequest calldata request
    ) private returns (bytes32) {
        checkPurpose(request.purpose);
        return retireFrom(issuer, holder, holder, request);
    }

    function retireFrom(
        ICreditIssuer issuer,
        address holder,
        address source,
        RetirementRequest calldata request
    ) private returns (bytes32 retirementId) {
        retirementId = checkRequest(holder, request);
        // The ranges are part of the record and only the cursors know them, so these calls come before the
        // effect. They go to this deployment's own contracts, which call nobody back, under the guard.
        RetirementLine[] memory lines = issuer.recordRetirement(request.amounts);
        credit.burnForRetirement(source, request.amounts);
        record(retirementId, holder, source, request, lines);
    }

    function order(
        ICreditIssuer issuer,
        address holder,
        RetirementRequest calldata request,
        LienTerms[][] calldata released
    ) private returns (bytes32 retirementId) {
        bool entitled = participants.hasKind(msg.sender, ParticipantKinds.REGULATOR);
        require(entitled, CallerNotEntitled(msg.sender, ParticipantKinds.REGULATOR));
        checkPurpose(request.purpose);
        require(request.documentHash != 0, OrderMissing());
        uint256 count = request.amounts.length;
        require(released.length == count, LienListsMismatch(count, released.length));
        retirementId = checkRequest(msg.sender, request);
        RetirementAmount[] memory amounts = orderedDown(holder, request.amounts);
        RetirementLine[] memory lines = issuer.recordRetirement(amounts);
        for (uint256 i = 0; i < count; ++i) {
            credit.burnByOrder(
                msg.sender,
                holder,
                amounts[i].batchId,
                Serials.toBaseUnits(amounts[i].milligrams),
                released[i]
            );
        }
        record(retirementId, holder, holder, request, lines);
        emit RetiredByOrder(retirementId, msg.sender);
    }

    function record(
        bytes32 retirementId,
        address holder,
        address source,
        RetirementRequest calldata request,
        RetirementLine[] memory lines
    ) private {
        Retirement memory retirement = Retirement({
            retirementId: retirementId,
            holder: holder,
            beneficiaryHash: request.beneficiaryHash,
            documentHash: request.documentHash,
            purpose: request.purpose,
            reportingYear: request.reportingYear,
            country: request.country,
            retiredAt: uint64(block.timestamp),
            lines: lines
        });
        RetirementStorage.layout().recordHashOf[retirementId] = keccak256(abi.encode(retirement));
        emit Retired(retirementId, holder, source, retirement);
        for (uint256 i = 0; i < lines.length; ++i) {
            RetirementLine memory line = lines[i];
            emit SerialsRetired(line.batchId, retirementId, line.start, line.end);
        }
        // Not the safe mint: nobody may refuse, or act inside, a certificate.
        _mint(holder, uint256(retirementId));
        emit Locked(uint256(retirementId));
    }

    function checkRequest(
        address idHolder,
        RetirementRequest calldata request
    ) private view returns (bytes32 retirementId) {
        require(CountryCode.isWellFormed(request.country), CountryMalformed(request.country));
        require(request.reportingYear != 0, ReportingYearMissing());
        require(request.beneficiaryHash != 0, BeneficiaryMissing());
        checkAmounts(request.amounts);
        retirementId = retirementIdOf(idHolder, request.nonce);
        require(RetirementStorage.layout().recordHashOf[retirementId] == 0, RetirementKnown(retirementId));
    }

    function requireApproval(address holder) private view {
        require(credit.isApprovedForAll(holder, msg.sender), CallerNotApproved(msg.sender, holder));
    }

    /// @dev What an order names, or the whole balance without its fraction of a milligram.
    function orderedDown(
        address holder,
        RetirementAmount[] memory amounts
    ) private view returns (RetirementAmount[] memory) {
        for (uint256 i = 0; i < amounts.length; ++i) {
            if (Milligrams.unwrap(amounts[i].milligrams) != WHOLE_BALANCE) continue;
            uint256 batchId = amounts[i].batchId;
            amounts[i].milligrams = Serials.toMilligramsDown(credit.balanceOf(holder, batchId));
            require(Milligrams.unwrap(amounts[i].milligrams) > 0, AmountZero(batchId));
        }
        return amounts;
    }

    function checkPurpose(uint8 purpose) private pure {
        require(purpose > 0 && purpose <= MAX_PURPOSE, PurposeOutOfRange(purpose));
    }

    function checkAmounts(RetirementAmount[] calldata amounts) private pure {
        require(amounts.length > 0, AmountsMissing());
        // Batch id 0 does not exist, so the first may be compared with it too.
        uint256 previous = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            RetirementAmount calldata amount = amounts[i];
            uint256 batchId = amount.batchId;
            require(batchId > previous, BatchesNotAscending(previous, batchId));
            require(Milligrams.unwrap(amount.milligrams) > 0, AmountZero(batchId));
            previous = batchId;
        }
    }
}
