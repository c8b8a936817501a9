// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {LienTerms} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {CreditRules} from "./CreditRules.sol";

/// @title Pledges: a lien is placed, increased, released, enforced.
abstract contract CreditLiens is CreditRules {
    /// @inheritdoc ICarbonCredit
    function placeLien(LienTerms calldata terms, uint256 amount) external returns (bytes32 lienId) {
        address holder = terms.holder;
        requirePledgor(terms, holder);
        (uint32 holderKinds, uint32 beneficiaryKinds) = participants.kindsOf(holder, terms.beneficiary);
        require(holderKinds != 0, ERC7943CannotSend(holder));
        require(holderKinds & ParticipantKinds.POOL == 0, HeldByPool(holder));
        bool complete = amount > 0 && terms.rank != 0 && beneficiaryKinds != 0 && terms.beneficiary != holder;
        require(complete, LienIncomplete());
        requireFree(holder, terms.batchId, amount);
        lienId = createLien(terms, amount);
        emit LienPlaced(lienId, holder, terms.batchId, terms, amount);
    }

    /// @inheritdoc ICarbonCredit
    function increaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        address holder = lienOf(lienId).holder;
        require(holder != address(0), LienUnknown(lienId));
        requirePledgor(terms, holder);
        require(participants.isActive(holder), ERC7943CannotSend(holder));
        require(amount > 0, LienIncomplete());
        requireFree(holder, terms.batchId, amount);
        extendLien(lienId, terms.batchId, amount);
        emit LienPlaced(lienId, holder, terms.batchId, terms, amount);
    }

    /// @inheritdoc ICarbonCredit
    function releaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        bool byAgent = msg.sender == terms.agent && msg.sender != terms.beneficiary;
        if (byAgent) requireCallerKind(ParticipantKinds.LIEN_AGENT);
        else require(actsFor(terms.beneficiary), CallerNotPartyToLien(msg.sender, lienId));
        reduce(lienId, terms.batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function enforceLien(LienTerms calldata terms, address to, uint256 amount) external {
        bytes32 lienId = lienIdOf(terms);
        uint256 batchId = terms.batchId;
        require(msg.sender == terms.agent, CallerNotPartyToLien(msg.sender, lienId));
        requireCallerAndReceiver(ParticipantKinds.LIEN_AGENT, to, ParticipantKinds.LIQUIDATOR);
        require(!suspended[batchId], TransferSuspended(batchId));
        address holder = reduce(lienId, batchId, amount);
        requireUnfrozen(holder, batchId, amount);
        emit LienEnforced(lienId, holder, to, batchId, amount);
        handOver(holder, to, batchId, amount);
    }

    function reduce(bytes32 lienId, uint256 batchId, uint256 amount) internal returns (address holder) {
        uint256 left;
        (holder, left) = reduceLien(lienId, batchId, amount);
        emit LienReduced(lienId, holder, batchId, amount, left);
    }

    function requirePledgor(LienTerms calldata terms, address holder) private view {
        bool isParty = msg.sender == holder || msg.sender == terms.agent;
        require(isParty, CallerNotPartyToLien(msg.sender, lienIdOf(terms)));
        if (terms.agent == address(0)) return;
        bool isAgent = participants.hasKind(terms.agent, ParticipantKinds.LIEN_AGENT);
        require(isAgent, CallerNotEntitled(terms.agent, ParticipantKinds.LIEN_AGENT));
    }

    /// @dev The caller is this party, or the wallet that took its place, and active: a lost or suspended
    /// wallet gives nothing away.
    function actsFor(address party) private view returns (bool) {
        bool isParty = msg.sender == party || participants.replacementOf(party) == msg.sender;
        return isParty && participants.isActive(msg.sender);
    }

    /// @dev What is to be pledged is there, and free.
    function requireFree(address account, uint256 batchId, uint256 amount) private view {
        uint256 balance = balanceOf(account, batchId);
        require(amount <= balance, ERC1155InsufficientBalance(account, balance, amount, batchId));
        uint256 free = unencumbered(balance, account, batchId);
        require(amount <= free, ERC7943InsufficientUnfrozenBalance(account, batchId, amount, free));
    }

    /// @dev A lien is served from what no regulator froze. Liens never exceed the balance, so neither does
    /// the amount.
    function requireUnfrozen(address holder, uint256 batchId, uint256 amount) private view {
        uint256 unfrozen = Math.saturatingSub(balanceOf(holder, batchId), frozenOf(holder, batchId));
        require(amount <= unfrozen, ERC7943InsufficientUnfrozenBalance(holder, batchId, amount, unfrozen));
    }
}
