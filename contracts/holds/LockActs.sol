// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {Hold, HoldKind, LockTerms} from "../types/Hold.sol";
import {LienTerms} from "../types/Lien.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {HoldConsents} from "./HoldConsents.sol";
import {HoldLedger} from "./HoldLedger.sol";
import {HoldParties} from "./HoldParties.sol";
import {HoldStorage} from "./HoldStorage.sol";

/// @title Locks: of free units or of a lien's, delivered by the settlement contract that they name, ended by
/// anybody once they expired. See IHolds.
abstract contract LockActs is HoldParties {
    function placeLock(LockTerms calldata terms, bytes calldata signature) external returns (bytes32) {
        address holder = terms.holder;
        bool isParty = msg.sender == holder || isAgent(terms.agent);
        require(isParty, IHolds.CallerNotPartyToHold(msg.sender, keccak256(abi.encode(terms))));
        requireConsent(holder, HoldConsents.hashLock(terms), signature, 0);
        return lockFree(terms);
    }

    /// @notice As `placeLock`, where the token itself saw the holder's consent: it has no such function.
    function placeAllowedLock(LockTerms calldata terms) external returns (bytes32) {
        return lockFree(terms);
    }

    function placeLockFromLien(
        LockTerms calldata terms,
        LienTerms calldata lien
    ) external returns (bytes32 lockId) {
        bytes32 lienId = keccak256(abi.encode(lien));
        requireAgent(lien.agent, ParticipantKinds.LIEN_AGENT, lienId);
        requireComplete(terms);
        address holder = HoldLedger.holderOf(HoldStorage.layout().holdOf[lienId], lien.tokenId);
        bool fits = terms.origin == lienId && terms.tokenId == lien.tokenId && terms.holder == holder;
        require(fits, IHolds.HoldUnknown(terms.origin));

        lockId = keccak256(abi.encode(terms));
        HoldLedger.placeFromOrigin(lockId, asHold(terms));
        emit IHolds.LockPlaced(lockId, holder, terms.tokenId, terms);
    }

    /// @return holder Whose units they are: the token moves them to `to`.
    function deliverLock(
        LockTerms calldata terms,
        address to,
        uint256 amount
    ) external returns (address holder) {
        bytes32 lockId = keccak256(abi.encode(terms));
        uint256 tokenId = terms.tokenId;
        requireAgent(terms.agent, ParticipantKinds.SETTLEMENT, lockId);
        require(block.timestamp < terms.expiry, IHolds.LockExpired(terms.expiry));
        requireReceiver(to, 0);
        requireNotSuspended(tokenId);

        holder = HoldLedger.holderOf(HoldStorage.layout().holdOf[lockId], tokenId);
        uint256 left = HoldLedger.deliver(lockId, tokenId, holder, amount, balanceOf(holder, tokenId));
        emit IHolds.LockDelivered(lockId, holder, to, tokenId, amount, left);
    }

    function endLock(LockTerms calldata terms) external {
        bytes32 lockId = keccak256(abi.encode(terms));
        bool byAgent = isAgent(terms.agent) && participants.hasKind(msg.sender, ParticipantKinds.SETTLEMENT);
        require(byAgent || block.timestamp >= terms.expiry, IHolds.LockStanding(terms.expiry));

        (address holder, uint256 amount) = HoldLedger.end(lockId, terms.tokenId);
        emit IHolds.LockEnded(lockId, holder, terms.tokenId, amount, terms.origin);
    }

    function lockFree(LockTerms calldata terms) private returns (bytes32 lockId) {
        require(terms.origin == 0, IHolds.LockIncomplete());
        requireOwner(terms.holder);
        requireComplete(terms);

        lockId = keccak256(abi.encode(terms));
        HoldLedger.place(lockId, terms.tokenId, asHold(terms), balanceOf(terms.holder, terms.tokenId));
        emit IHolds.LockPlaced(lockId, terms.holder, terms.tokenId, terms);
    }

    function requireComplete(LockTerms calldata terms) private view {
        bool complete =
            terms.amount > 0 &&
                isId(terms.tokenId) &&
                terms.expiry > block.timestamp &&
                terms.expiry - block.timestamp <= HoldStorage.layout().maxLockSeconds &&
                participants.hasKind(terms.agent, ParticipantKinds.SETTLEMENT);
        require(complete, IHolds.LockIncomplete());
        requireNotSuspended(terms.tokenId);
    }

    function asHold(LockTerms calldata terms) private pure returns (Hold memory) {
        return Hold(terms.holder, SafeCast.toUint96(terms.amount), HoldKind.Lock, terms.expiry, terms.origin);
    }
}
