// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeKind, SuspensionCause} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {LienTerms} from "../../../contracts/types/Lien.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {Admission, ParticipantKinds, ParticipantStatus} from "../../../contracts/types/Participant.sol";
import {RetirementAmount, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {Book, MarketBooks, Strike} from "./MarketBooks.sol";
import {bound, vm} from "./Vm.sol";

/// @title What disputes, regulators and the access manager do to a market, and what nobody else may.
abstract contract MarketOversight is MarketBooks {
    function strike(uint256 which, uint256 index, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        // Not too often, or soon nothing would move any more.
        if (batchId == 0 || seed % 4 != 1) return;
        Book storage book = books[batchId];
        // Sometimes one behind the last.
        index = bound(index, 0, book.leaves);
        (uint64 start, uint64 end) = rangeOf(batchId, index);
        if (seed % 16 == 1) end = start;
        bool allowed = index < book.leaves && end > start && !struckLeaf[batchId][index];
        if (
            !act(
                "strike",
                address(this),
                address(batches),
                abi.encodeCall(batches.strike, (BatchId.wrap(batchId), LeafIndex.wrap(index), start, end)),
                allowed
            )
        ) return;
        strikes[batchId].push(Strike(uint64(index), start, end));
        struckLeaf[batchId][index] = true;
        uint64 milligrams = end - start;
        uint64 covered = milligrams < book.unminted ? milligrams : book.unminted;
        book.struck += milligrams;
        book.unminted -= covered;
        book.shortfall += milligrams - covered;
        if (book.shortfall > 0) book.causes |= SuspensionCause.SHORTFALL;
    }

    function suspend(uint256 which, uint256 who, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0 || seed % 4 != 1) return;
        (address caller, uint8 causes, bool allowed) = drawCauses(who, seed);
        if (
            act(
                "suspend",
                caller,
                address(batches),
                abi.encodeCall(batches.suspend, (BatchId.wrap(batchId), causes)),
                allowed
            )
        ) {
            books[batchId].causes |= causes;
        }
    }

    function reinstate(uint256 which, uint256 who, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        (address caller, uint8 causes, bool allowed) = drawCauses(who, seed);
        if (
            act(
                "reinstate",
                caller,
                address(batches),
                abi.encodeCall(batches.reinstate, (BatchId.wrap(batchId), causes)),
                allowed
            )
        ) {
            books[batchId].causes &= ~causes;
        }
    }

    function openDispute(uint256 which, bool gram) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0 || openOf(batchId, gram) > 1) return;
        act(
            "openDispute",
            address(this),
            address(batches),
            abi.encodeCall(batches.openDispute, (BatchId.wrap(batchId), kindOf(gram))),
            true
        );
        if (gram) ++books[batchId].openGrams;
        else ++books[batchId].openClaims;
    }

    function closeDispute(uint256 which, bool gram) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        bytes memory call = abi.encodeCall(batches.closeDispute, (BatchId.wrap(batchId), kindOf(gram)));
        if (!act("closeDispute", address(this), address(batches), call, openOf(batchId, gram) > 0)) return;
        if (gram) --books[batchId].openGrams;
        else --books[batchId].openClaims;
    }

    function freeze(uint256 who, uint256 which, uint256 amount, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address account = holderAt(who, batchId);
        // Mostly little, or soon nothing would move any more; sometimes more than could ever be there.
        amount = bound(amount, 0, seed % 8 != 0 ? balance[account][batchId] : type(uint120).max);
        address caller = mostly(REGULATOR, seed / 8);
        bytes memory call = abi.encodeCall(credit.setFrozenTokens, (account, batchId, amount));
        if (act("freeze", caller, address(credit), call, caller == REGULATOR))
            frozen[account][batchId] = amount;
    }

    function forceTransfer(uint256 who, uint256 to, uint256 which, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address from = holderAt(who, batchId);
        address receiver = to % 8 == 7 ? OUTSIDER : partyAt(to);
        address caller = mostly(REGULATOR, to / 8);
        uint256 amount = near(seed, freeOf(from, batchId), balance[from][batchId]);
        bool takes = receiver != OUTSIDER && !suspendedParty[receiver];
        bool allowed = caller == REGULATOR && takes && amount <= balance[from][batchId];
        bytes memory call = abi.encodeCall(credit.forcedTransfer, (from, receiver, batchId, amount));
        if (!act("forceTransfer", caller, address(credit), call, allowed) || from == receiver) return;
        bookForced(from, batchId, amount);
        balance[receiver][batchId] += amount;
    }

    /// @dev Mostly restored, or soon nothing would move any more.
    function setStatus(uint256 who, uint256 seed) external remembering {
        address account = partyAt(who);
        bool suspended = seed % 8 == 0;
        uint8 status = uint8(suspended ? ParticipantStatus.Suspended : ParticipantStatus.Active);
        act(
            suspended ? "suspendParty" : "restoreParty",
            REGULATOR,
            address(participants),
            abi.encodeCall(participants.setStatus, (account, status)),
            true
        );
        suspendedParty[account] = suspended;
    }

    function setPaused(uint256 seed) external remembering {
        (issuancePaused, transfersPaused) = (seed % 8 == 0, seed % 8 == 1);
        act(
            "pauseIssuance",
            address(this),
            address(batches),
            abi.encodeCall(batches.setPaused, issuancePaused),
            true
        );
        act(
            "pauseTransfers",
            address(this),
            address(credit),
            abi.encodeCall(credit.setPaused, transfersPaused),
            true
        );
    }

    function setWindow(uint256 seed) external remembering {
        window = seed % 3 == 0 ? 1 days : 0;
        act(
            "setWindow",
            address(this),
            address(batches),
            abi.encodeCall(batches.setChallengeWindow, window),
            true
        );
    }

    function wait(uint256 time) external remembering {
        vm.warp(block.timestamp + bound(time, 0, 8 days));
    }

    /// @dev Nobody but the registries moves the accounts, nobody but the access manager sets anything, no
    /// certificate moves.
    function meddle(uint256 who, uint256 which, uint64 milligrams, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address party = who % 8 == 7 ? OUTSIDER : partyAt(who);
        RetirementAmount[] memory amounts = new RetirementAmount[](1);
        amounts[0] = RetirementAmount(batchId, Milligrams.wrap(milligrams));
        meddleWithCredits(party, batchId, milligrams, amounts);
        meddleWithBatches(party, batchId, milligrams, amounts);
        bytes16 firmId = bytes16(keccak256(abi.encode(seed)));
        Admission memory admission = Admission(party, ParticipantKinds.REGULATOR, "CN", 0, firmId);
        RetirementRequest memory request;
        bytes[3] memory calls = [
            abi.encodeCall(participants.appoint, (admission, 0)),
            abi.encodeCall(participants.setStatus, (party, uint8(ParticipantStatus.Active))),
            abi.encodeCall(retirements.retireByOrder, (party, request, new LienTerms[][](0)))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            act("meddle", party, i < 2 ? address(participants) : address(retirements), calls[i], false);
        }
        if (retirementIds.length == 0) return;
        bytes32 id = retirementIds[seed % retirementIds.length];
        address holder = certificateHolder[id];
        bytes memory call = abi.encodeCall(retirements.transferFrom, (holder, party, uint256(id)));
        act("meddle", holder, address(retirements), call, false);
    }

    function meddleWithCredits(
        address party,
        uint256 batchId,
        uint64 milligrams,
        RetirementAmount[] memory amounts
    ) private {
        bytes[7] memory calls = [
            abi.encodeCall(credit.mint, (party, batchId, milligrams)),
            abi.encodeCall(credit.burnByIssuer, (party, batchId, milligrams * MG)),
            abi.encodeCall(credit.burnForRetirement, (party, amounts)),
            abi.encodeCall(
                credit.burnByOrder,
                (REGULATOR, party, batchId, milligrams * MG, new LienTerms[](0))
            ),
            abi.encodeCall(credit.setSuspended, (batchId, false)),
            abi.encodeCall(credit.setPaused, false),
            abi.encodeCall(credit.setBaseUri, "https://elsewhere.example/")
        ];
        for (uint256 i = 0; i < calls.length; ++i) act("meddle", party, address(credit), calls[i], false);
    }

    function meddleWithBatches(
        address party,
        uint256 batchId,
        uint64 milligrams,
        RetirementAmount[] memory amounts
    ) private {
        bytes[9] memory calls = [
            abi.encodeCall(batches.recordRetirement, amounts),
            abi.encodeCall(
                batches.recordReplacement,
                (BatchId.wrap(batchId), books[batchId].operator, Milligrams.wrap(milligrams))
            ),
            abi.encodeCall(batches.strike, (BatchId.wrap(batchId), LeafIndex.wrap(0), 0, 1)),
            abi.encodeCall(batches.openDispute, (BatchId.wrap(batchId), DisputeKind.GramChallenge)),
            abi.encodeCall(batches.closeDispute, (BatchId.wrap(batchId), DisputeKind.DoubleClaim)),
            abi.encodeCall(batches.setQuorum, (bytes8(0), 1, 0)),
            abi.encodeCall(batches.setPaused, false),
            abi.encodeCall(batches.setChallengeWindow, 0),
            abi.encodeCall(batches.setKeyScheme, (bytes32(batchId), true))
        ];
        for (uint256 i = 0; i < calls.length; ++i) act("meddle", party, address(batches), calls[i], false);
    }

    /// @dev Disputes and regulators have causes of their own; others have none.
    function drawCauses(
        uint256 who,
        uint256 seed
    ) private view returns (address caller, uint8 causes, bool allowed) {
        uint256 way = who % 8;
        caller = way == 7 ? partyAt(who / 8) : (way < 3 ? REGULATOR : address(this));
        // Mostly the caller's own, sometimes any.
        causes = seed % 32 < 16 ? type(uint8).max : uint8(seed / 32);
        if (seed % 16 > 1) causes &= way < 3 ? SuspensionCause.ORDER : SuspensionCause.LIFTABLE;
        uint8 own = way == 7 ? 0 : (way < 3 ? SuspensionCause.ORDER : SuspensionCause.LIFTABLE);
        allowed = causes != 0 && causes & ~own == 0;
    }

    function openOf(uint256 batchId, bool gram) private view returns (uint16) {
        return gram ? books[batchId].openGrams : books[batchId].openClaims;
    }

    function kindOf(bool gram) private pure returns (DisputeKind) {
        return gram ? DisputeKind.GramChallenge : DisputeKind.DoubleClaim;
    }
}
