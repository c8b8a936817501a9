// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {Hold, HoldKind} from "../types/Hold.sol";
import {LienConsent, LienTerms} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {HoldConsents} from "./HoldConsents.sol";
import {HoldLedger} from "./HoldLedger.sol";
import {HoldParties} from "./HoldParties.sol";
import {HoldStorage} from "./HoldStorage.sol";

/// @title Liens: placed by consent, increased, released, enforced. See IHolds.
abstract contract LienActs is HoldParties {
    function placeLien(
        LienConsent calldata consent,
        uint256 amount,
        bytes calldata holderSignature,
        bytes calldata beneficiarySignature
    ) external returns (bytes32 lienId) {
        LienTerms calldata terms = consent.terms;
        address holder = terms.holder;
        bytes32 digest = HoldConsents.hashLien(consent);
        requireConsent(holder, digest, holderSignature, 0);
        requireConsent(terms.beneficiary, digest, beneficiarySignature, 1);
        require(block.timestamp <= consent.deadline, IHolds.ConsentExpired(consent.deadline));
        require(amount <= consent.maxAmount, IHolds.ConsentExceeded(amount, consent.maxAmount));
        requireOwner(holder);
        requireLienAgent(terms.agent);
        bool complete =
            amount > 0 &&
                isId(terms.tokenId) &&
                terms.beneficiary != holder &&
                participants.isActive(terms.beneficiary);
        require(complete, IHolds.LienIncomplete());
        requireNotSuspended(terms.tokenId);

        lienId = keccak256(abi.encode(terms));
        Hold memory lien = Hold(holder, SafeCast.toUint96(amount), HoldKind.Lien, 0, 0);
        HoldLedger.place(lienId, terms.tokenId, lien, balanceOf(holder, terms.tokenId));
        emit IHolds.LienPlaced(lienId, holder, terms.tokenId, terms, amount);
    }

    function increaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = keccak256(abi.encode(terms));
        uint256 tokenId = terms.tokenId;
        Hold storage lien = HoldStorage.layout().holdOf[lienId];
        require(lien.amount > 0, IHolds.HoldUnknown(lienId));
        address holder = HoldLedger.holderOf(lien, tokenId);
        require(msg.sender == holder, IHolds.CallerNotPartyToHold(msg.sender, lienId));
        require(participants.isActive(holder), IERC7943MultiToken.ERC7943CannotSend(holder));
        require(amount > 0, IHolds.LienIncomplete());
        requireNotSuspended(tokenId);

        HoldLedger.increase(lienId, tokenId, holder, amount, balanceOf(holder, tokenId));
        emit IHolds.LienPlaced(lienId, holder, tokenId, terms, amount);
    }

    function releaseLien(LienTerms calldata terms, uint256 amount) external {
        bytes32 lienId = keccak256(abi.encode(terms));
        if (!actsFor(terms.beneficiary)) requireAgent(terms.agent, ParticipantKinds.LIEN_AGENT, lienId);
        release(lienId, terms.tokenId, amount);
    }

    /// @return holder Whose units they are: the token moves them to `to`.
    function enforceLien(
        LienTerms calldata terms,
        address to,
        uint256 amount
    ) external returns (address holder) {
        bytes32 lienId = keccak256(abi.encode(terms));
        uint256 tokenId = terms.tokenId;
        requireAgent(terms.agent, ParticipantKinds.LIEN_AGENT, lienId);
        requireReceiver(to, ParticipantKinds.LIQUIDATOR);
        requireNotSuspended(tokenId);

        holder = HoldLedger.holderOf(HoldStorage.layout().holdOf[lienId], tokenId);
        uint256 left = HoldLedger.deliver(lienId, tokenId, holder, amount, balanceOf(holder, tokenId));
        emit IHolds.LienReduced(lienId, holder, tokenId, amount, left);
        emit IHolds.LienEnforced(lienId, holder, to, tokenId, amount);
    }

    function release(bytes32 lienId, uint256 tokenId, uint256 amount) internal {
        (address holder, uint256 left) = HoldLedger.release(lienId, tokenId, amount);
        emit IHolds.LienReduced(lienId, holder, tokenId, amount, left);
    }

    function requireLienAgent(address agent) private view {
        if (agent == address(0)) return;
        bool isOne = participants.hasKind(agent, ParticipantKinds.LIEN_AGENT);
        require(isOne, IHolds.CallerNotEntitled(agent, ParticipantKinds.LIEN_AGENT));
    }
}
