// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {Lien, LienTerms} from "../types/Lien.sol";

/// @title The ledger of freezes and liens beside a token's balances.
/// @notice Both share one slot an account and id, so that a transfer reads one word. Keeps, per account and
/// id, the sum of its liens.
abstract contract LienLedger is ICarbonCredit {
    /// A frozen amount from here on stands in `largeFreeze`; no balance ever comes near.
    uint160 private constant LARGE = type(uint160).max;
    uint8 private constant LIENS_AT = 160;

    struct Encumbrance {
        /// Sum of liens in the upper 96 bits (amounts are below 2^93: 2^63 mg of 10^9 base units), frozen
        /// amount in the lower 160.
        uint256 word;
        /// A slot that most accounts never touch.
        uint256 largeFreeze;
    }

    mapping(address account => mapping(uint256 batchId => Encumbrance)) private encumbrances;
    mapping(bytes32 lienId => Lien) private liens;

    /// @inheritdoc ICarbonCredit
    function lienIdOf(LienTerms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc ICarbonCredit
    function lienOf(bytes32 lienId) public view returns (Lien memory lien) {
        lien = liens[lienId];
        if (lien.amount == 0) lien.holder = address(0);
    }

    function storeFrozen(address account, uint256 batchId, uint256 amount) internal {
        storeFrozen(encumbrances[account][batchId], amount);
    }

    /// @dev Before `amount` leaves without the owner: liens hold, and the freeze goes down by as much of it
    /// as is not free otherwise.
    function unfreezeFor(address account, uint256 batchId, uint256 balance, uint256 amount) internal {
        Encumbrance storage encumbrance = encumbrances[account][batchId];
        (uint256 frozen, uint256 pledged) = read(encumbrance);
        // Liens never exceed the balance.
        uint256 unpledged = balance - pledged;
        require(amount <= unpledged, ERC7943InsufficientUnfrozenBalance(account, batchId, amount, unpledged));
        uint256 free = unpledged > frozen ? unpledged - frozen : 0;
        if (amount <= free) return;
        frozen -= amount - free;
        storeFrozen(encumbrance, frozen);
        // Before the transfer (ERC-7943).
        emit Frozen(account, batchId, frozen);
    }

    function createLien(LienTerms calldata terms, uint256 amount) internal returns (bytes32 lienId) {
        lienId = lienIdOf(terms);
        require(liens[lienId].holder == address(0), LienKnown(lienId));
        uint96 added = SafeCast.toUint96(amount);
        liens[lienId] = Lien(terms.holder, added);
        encumbrances[terms.holder][terms.batchId].word += uint256(added) << LIENS_AT;
    }

    function extendLien(bytes32 lienId, uint256 batchId, uint256 amount) internal {
        Lien storage lien = liens[lienId];
        uint96 added = SafeCast.toUint96(amount);
        lien.amount += added;
        encumbrances[lien.holder][batchId].word += uint256(added) << LIENS_AT;
    }

    function reduceLien(
        bytes32 lienId,
        uint256 batchId,
        uint256 amount
    ) internal returns (address holder, uint256 left) {
        Lien storage lien = liens[lienId];
        uint256 before = lien.amount;
        require(before > 0, LienUnknown(lienId));
        require(amount > 0 && amount <= before, LienExceeded(lienId, amount, before));
        holder = lien.holder;
        left = before - amount;
        // The holder stays: an id once used is never free again.
        lien.amount = uint96(left);
        encumbrances[holder][batchId].word -= amount << LIENS_AT;
    }

    /// @return frozen What is frozen on the replacement afterwards.
    function moveLiensAndFreeze(
        address lost,
        address replacement,
        uint256 batchId,
        LienTerms[] calldata terms
    ) internal returns (uint256 frozen) {
        uint256 named = 0;
        for (uint256 i = 0; i < terms.length; ++i) {
            bytes32 lienId = lienIdOf(terms[i]);
            Lien storage lien = liens[lienId];
            bool isTheirs = lien.holder == lost && terms[i].batchId == batchId && lien.amount > 0;
            require(isTheirs, LienUnknown(lienId));
            named += lien.amount;
            lien.holder = replacement;
            emit LienMoved(lienId, lost, replacement);
        }
        (uint256 lostFrozen, uint256 all) = encumbranceOf(lost, batchId);
        require(named == all, LiensIncomplete(named, all));
        frozen = Math.saturatingAdd(lostFrozen, frozenOf(replacement, batchId));
        delete encumbrances[lost][batchId];
        storeFrozen(replacement, batchId, frozen);
        encumbrances[replacement][batchId].word += all << LIENS_AT;
    }

    /// @return frozen What `storeFrozen` wrote last.
    /// @return pledged Sum of liens.
    function encumbranceOf(
        address account,
        uint256 batchId
    ) internal view returns (uint256 frozen, uint256 pledged) {
        return read(encumbrances[account][batchId]);
    }

    function frozenOf(address account, uint256 batchId) internal view returns (uint256 frozen) {
        (frozen, ) = encumbranceOf(account, batchId);
    }

    function encumbered(address account, uint256 batchId) internal view returns (uint256) {
        (uint256 frozen, uint256 pledged) = encumbranceOf(account, batchId);
        return Math.saturatingAdd(frozen, pledged);
    }

    function isEncumbered(address account, uint256 batchId) internal view returns (bool) {
        return encumbrances[account][batchId].word != 0;
    }

    function read(Encumbrance storage encumbrance) private view returns (uint256 frozen, uint256 pledged) {
        uint256 word = encumbrance.word;
        pledged = word >> LIENS_AT;
        frozen = uint160(word);
        if (frozen == LARGE) frozen = encumbrance.largeFreeze;
    }

    function storeFrozen(Encumbrance storage encumbrance, uint256 amount) private {
        uint256 word = encumbrance.word;
        uint256 kept = amount < LARGE ? amount : LARGE;
        if (kept == LARGE) encumbrance.largeFreeze = amount;
        else if (uint160(word) == LARGE) delete encumbrance.largeFreeze;
        encumbrance.word = ((word >> LIENS_AT) << LIENS_AT) | kept;
    }
}
