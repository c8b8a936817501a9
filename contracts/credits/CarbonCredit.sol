// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Serials} from "../libraries/Serials.sol";
import {Lien, LienTerms, TransferRefusal} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {LienLedger} from "./LienLedger.sol";

/// @title Credits of every batch and external unit. See ICarbonCredit.
contract CarbonCredit is LienLedger, ERC1155, AccessManaged {
    using Strings for uint256;

    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        /// Issuers.
        ICreditIssuer batches;
        ICreditIssuer externalUnits;
        /// The only one that retires.
        address retirements;
    }

    IParticipantRegistry public immutable participants;
    ICreditIssuer public immutable batches;
    ICreditIssuer public immutable externalUnits;
    address public immutable retirements;

    mapping(uint256 batchId => bool) private suspended;
    bool private paused;

    constructor(address manager, Links memory links, string memory baseUri) AccessManaged(manager) ERC1155(baseUri) {
        bool complete =
            address(links.participants) != address(0) &&
                address(links.batches) != address(0) &&
                address(links.externalUnits) != address(0) &&
                links.retirements != address(0);
        require(complete, ZeroDependency());
        participants = links.participants;
        batches = links.batches;
        externalUnits = links.externalUnits;
        retirements = links.retirements;
    }

    modifier onlyIssuers() {
        require(msg.sender == address(batches) || msg.sender == address(externalUnits), CallerNotIssuer(msg.sender));
        _;
    }

    modifier onlyRetirements() {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        _;
    }

    /// @inheritdoc ICarbonCredit
    function mint(address to, uint256 batchId, uint256 amount) external onlyIssuers {
        _mint(to, batchId, amount, "");
    }

    /// @inheritdoc ICarbonCredit
    function burnByIssuer(address holder, uint256 batchId, uint256 amount) external onlyIssuers {
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        _burn(holder, batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function burnForRetirement(address holder, uint256 batchId, uint256 amount) external onlyRetirements {
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        _burn(holder, batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function burnByOrder(address holder, uint256 batchId, uint256 amount, LienTerms[] calldata released) external onlyRetirements {
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        requireNoPool(holder);
        releaseNamed(holder, batchId, released);
        unfreezeFor(holder, batchId, amount);
        super._update(holder, address(0), single(batchId), single(amount));
    }

    /// @inheritdoc ICarbonCredit
    function setSuspended(uint256 batchId, bool suspended_) external onlyIssuers {
        suspended[batchId] = suspended_;
        emit SuspensionSet(batchId, suspended_);
    }

    /// @inheritdoc ICarbonCredit
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit TransfersPausedSet(paused_);
    }

    /// @inheritdoc ICarbonCredit
    function setBaseUri(string calldata baseUri) external restricted {
        _setURI(baseUri);
    }

    /// @inheritdoc IERC7943MultiToken
    function forcedTransfer(address from, address to, uint256 tokenId, uint256 amount) external returns (bool) {
        return moveByForce(from, to, tokenId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function forcedTransferReleasing(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        releaseNamed(from, tokenId, released);
        return moveByForce(from, to, tokenId, amount);
    }

    /// @inheritdoc IERC7943MultiToken
    function setFrozenTokens(address account, uint256 tokenId, uint256 amount) external returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        requireNoPool(account);
        setFrozen(account, tokenId, amount);
        emit Frozen(account, tokenId, amount);
        return true;
    }

    /// @inheritdoc ICarbonCredit
    function placeLien(LienTerms calldata terms, uint256 amount) external returns (bytes32 lienId) {
        checkPledgor(terms);
        (uint32 holderKinds, uint32 beneficiaryKinds) = participants.kindsOf(terms.holder, terms.beneficiary);
        require(holderKinds != 0, ERC7943CannotSend(terms.holder));
        require(holderKinds & ParticipantKinds.POOL == 0, HeldByPool(terms.holder));
        bool complete = terms.rank != 0 && beneficiaryKinds != 0 && terms.beneficiary != terms.holder;
        require(complete, LienIncomplete());
        lienId = openLien(terms, amount);
        requireFree(terms.holder, terms.batchId);
        emit LienPlaced(lienId, terms.holder, terms.batchId, terms, amount);
    }

    /// @inheritdoc ICarbonCredit
    function increaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        address holder = lienOf(lienId).holder;
        checkPledgor(terms);
        require(participants.isActive(holder), ERC7943CannotSend(holder));
        extendLien(lienId, terms.batchId, amount);
        requireFree(holder, terms.batchId);
        emit LienPlaced(lienId, holder, terms.batchId, terms, amount);
    }

    /// @inheritdoc ICarbonCredit
    function releaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        bool entitled = isSelf(terms.beneficiary) || msg.sender == terms.agent;
        require(entitled, CallerNotPartyToLien(msg.sender, lienId));
        reduce(lienId, terms.batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function enforceLien(LienTerms calldata terms, address to, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        require(msg.sender == terms.agent, CallerNotPartyToLien(msg.sender, lienId));
        require(!suspended[terms.batchId], TransferSuspended(terms.batchId));
        require(participants.isActive(to), ERC7943CannotReceive(to));
        address holder = reduce(lienId, terms.batchId, amount);
        emit LienEnforced(lienId, holder, to, terms.batchId, amount);
        moveUnchecked(holder, to, terms.batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function recover(address lost, uint256 batchId, LienTerms[] calldata liens) external {
        address replacement = participants.replacementOf(lost);
        require(replacement != address(0), NotRecovered(lost));
        uint256 amount = balanceOf(lost, batchId);
        uint256 frozen = moveLiensAndFreeze(lost, replacement, batchId, liens);
        emit Frozen(lost, batchId, 0);
        emit Frozen(replacement, batchId, frozen);
        emit HoldingRecovered(lost, replacement, batchId, amount);
        super._update(lost, replacement, single(batchId), single(amount));
    }

    /// @inheritdoc ICarbonCredit
    function totalSupply(uint256 batchId) external view returns (uint256) {
        // An id has one issuer; the other one answers 0.
        return batches.circulatingOf(batchId) + externalUnits.circulatingOf(batchId);
    }

    /// @inheritdoc ICarbonCredit
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc ICarbonCredit
    function isSuspended(uint256 batchId) external view returns (bool) {
        return suspended[batchId];
    }

    /// @inheritdoc ICarbonCredit
    function isPaused() external view returns (bool) {
        return paused;
    }

    /// @inheritdoc ICarbonCredit
    function encumberedOf(address account, uint256 batchId) external view returns (uint256) {
        return encumbered(account, batchId);
    }

    /// @inheritdoc ICarbonCredit
    function pledgedOf(address account, uint256 batchId) external view returns (uint256) {
        return pledged(account, batchId);
    }

    /// @inheritdoc IERC7943MultiToken
    function getFrozenTokens(address account, uint256 tokenId) external view returns (uint256) {
        return frozenOf(account, tokenId);
    }

    /// @inheritdoc IERC7943MultiToken
    function canSend(address account) external view returns (bool) {
        return participants.isActive(account);
    }

    /// @inheritdoc IERC7943MultiToken
    function canReceive(address account) external view returns (bool) {
        return participants.isActive(account);
    }

    /// @inheritdoc IERC7943MultiToken
    function canTransfer(address from, address to, uint256 tokenId, uint256 amount) external view returns (bool) {
        return transferRefusal(from, to, tokenId, amount) == TransferRefusal.None;
    }

    /// @inheritdoc ICarbonCredit
    function transferRefusal(address from, address to, uint256 batchId, uint256 amount) public view returns (TransferRefusal) {
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        if (fromKinds == 0) return TransferRefusal.SenderNotActive;
        if (toKinds == 0) return TransferRefusal.ReceiverNotActive;
        bool fromPool = fromKinds & ParticipantKinds.POOL != 0;
        if (toKinds & ParticipantKinds.POOL != 0) return TransferRefusal.PoolTakesDepositsOnly;
        if (paused && !fromPool) return TransferRefusal.TransfersPaused;
        if (suspended[batchId]) return TransferRefusal.BatchSuspended;
        uint256 balance = balanceOf(from, batchId);
        if (amount > balance) return TransferRefusal.BalanceTooSmall;
        return amount > unencumbered(balance, from, batchId) ? TransferRefusal.Encumbered : TransferRefusal.None;
    }

    function uri(uint256 batchId) public view override returns (string memory) {
        return string.concat(super.uri(batchId), batchId.toHexString(32));
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, IERC165) returns (bool) {
        return interfaceId == type(IERC7943MultiToken).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev Every move that an owner, an issuer or the retirement registry asks for comes through here; orders and enforcements don't.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        (uint32 fromKinds, uint32 toKinds) = participants.kindsOf(from, to);
        if (from != address(0)) {
            require(fromKinds != 0, ERC7943CannotSend(from));
            for (uint256 i = 0; i < ids.length; ++i) requireUnencumbered(from, ids[i], values[i]);
        }
        if (to != address(0)) require(toKinds != 0, ERC7943CannotReceive(to));
        if (from != address(0) && to != address(0)) {
            require(!paused || fromKinds & ParticipantKinds.POOL != 0, TransfersPaused());
            require(toKinds & ParticipantKinds.POOL == 0 || msg.sender == to, ERC7943CannotReceive(to));
            for (uint256 i = 0; i < ids.length; ++i) require(!suspended[ids[i]], TransferSuspended(ids[i]));
        }
        super._update(from, to, ids, values);
    }

    function moveByForce(address from, address to, uint256 tokenId, uint256 amount) private returns (bool) {
        requireCallerKind(ParticipantKinds.REGULATOR);
        requireNoPool(from);
        require(participants.isActive(to), ERC7943CannotReceive(to));
        // To oneself nothing moves, so nothing is unfrozen either.
        if (from != to) unfreezeFor(from, tokenId, amount);
        emit ForcedTransfer(from, to, tokenId, amount);
        moveUnchecked(from, to, tokenId, amount);
        return true;
    }

    /// @dev Moves without asking who may; the receiver is asked as ever.
    function moveUnchecked(address from, address to, uint256 batchId, uint256 amount) private {
        super._update(from, to, single(batchId), single(amount));
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, batchId, amount, "");
    }

    /// @dev Lowers the freeze so far that `amount` can leave; liens hold.
    function unfreezeFor(address account, uint256 batchId, uint256 amount) private {
        uint256 balance = balanceOf(account, batchId);
        require(amount <= balance, ERC1155InsufficientBalance(account, balance, amount, batchId));
        uint256 free = Math.saturatingSub(balance, pledged(account, batchId));
        require(amount <= free, ERC7943InsufficientUnfrozenBalance(account, batchId, amount, free));
        uint256 frozen = frozenOf(account, batchId);
        uint256 most = free - amount;
        if (frozen <= most) return;
        setFrozen(account, batchId, most);
        // Before the transfer (ERC-7943).
        emit Frozen(account, batchId, most);
    }

    function releaseNamed(address holder, uint256 batchId, LienTerms[] calldata liens) private {
        for (uint256 i = 0; i < liens.length; ++i) {
            bytes32 lienId = lienIdOf(liens[i]);
            Lien memory lien = lienOf(lienId);
            require(lien.holder == holder && liens[i].batchId == batchId && lien.amount > 0, LienUnknown(lienId));
            reduce(lienId, batchId, lien.amount);
        }
    }

    function reduce(bytes32 lienId, uint256 batchId, uint256 amount) private returns (address holder) {
        uint256 left;
        (holder, left) = reduceLien(lienId, batchId, amount);
        emit LienReduced(lienId, holder, batchId, amount, left);
    }

    function checkPledgor(LienTerms calldata terms) private view {
        bool byHolder = isSelf(terms.holder);
        require(byHolder || msg.sender == terms.agent, CallerNotPartyToLien(msg.sender, lienIdOf(terms)));
        if (terms.agent == address(0)) return;
        bool isAgent = participants.hasKind(terms.agent, ParticipantKinds.LIEN_AGENT);
        require(isAgent, CallerNotEntitled(terms.agent, ParticipantKinds.LIEN_AGENT));
    }

    /// @dev The caller is this party, or the wallet that took its place.
    function isSelf(address party) private view returns (bool) {
        return msg.sender == party || participants.replacementOf(party) == msg.sender;
    }

    function requireCallerKind(uint32 kinds) private view {
        require(participants.hasKind(msg.sender, kinds), CallerNotEntitled(msg.sender, kinds));
    }

    function requireNoPool(address account) private view {
        require(!participants.hasKind(account, ParticipantKinds.POOL), HeldByPool(account));
    }

    /// @dev After a pledge: everything encumbered must be there.
    function requireFree(address account, uint256 batchId) private view {
        uint256 balance = balanceOf(account, batchId);
        uint256 all = encumbered(account, batchId);
        require(all <= balance, ERC7943InsufficientUnfrozenBalance(account, batchId, all, balance));
    }

    function requireUnencumbered(address from, uint256 batchId, uint256 amount) private view {
        if (!isEncumbered(from, batchId)) return;
        uint256 balance = balanceOf(from, batchId);
        uint256 free = unencumbered(balance, from, batchId);
        // More than the balance is for ERC-1155 to refuse.
        require(amount <= free || amount > balance, ERC7943InsufficientUnfrozenBalance(from, batchId, amount, free));
    }

    function unencumbered(uint256 balance, address account, uint256 batchId) private view returns (uint256) {
        return Math.saturatingSub(balance, encumbered(account, batchId));
    }

    function single(uint256 value) private pure returns (uint256[] memory values) {
        values = new uint256[](1);
        values[0] = value;
    }
}
