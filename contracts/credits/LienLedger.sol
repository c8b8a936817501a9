// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {Lien, LienTerms} from "../types/Lien.sol";

/// @title The ledger of freezes and liens beside a token's balances.
/// @notice Both share one slot an account and id, so that a transfer reads one word. Keeps, per account and id, the sum of its liens.
abstract contract LienLedger is ICarbonCredit {
    /// A frozen amount from here on stands in `largeFreezes`; no balance ever comes near.
    uint160 private constant LARGE = type(uint160).max;

    struct Encumbrance {
        /// Sum of liens; amounts are below 2^93 (2^63 mg of 10^9 base units).
        uint96 liens;
        uint160 frozen;
    }

    mapping(address account => mapping(uint256 batchId => Encumbrance)) private encumbrances;
    mapping(address account => mapping(uint256 batchId => uint256 amount)) private largeFreezes;
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

    function setFrozen(address account, uint256 batchId, uint256 amount) internal {
        bool large = amount >= LARGE;
        // Only where one is or was: a slot that most accounts never touch.
        if (large) largeFreezes[account][batchId] = amount;
        else if (encumbrances[account][batchId].frozen == LARGE) delete largeFreezes[account][batchId];
        encumbrances[account][batchId].frozen = large ? LARGE : uint160(amount);
    }

    function openLien(LienTerms calldata terms, uint256 amount) internal returns (bytes32 lienId) {
        lienId = lienIdOf(terms);
        require(liens[lienId].holder == address(0), LienKnown(lienId));
        liens[lienId] = Lien(terms.holder, SafeCast.toUint96(amount));
        encumbrances[terms.holder][terms.batchId].liens += uint96(amount);
    }

    function extendLien(bytes32 lienId, uint256 batchId, uint256 amount) internal {
        Lien storage lien = liens[lienId];
        lien.amount += SafeCast.toUint96(amount);
        encumbrances[lien.holder][batchId].liens += uint96(amount);
    }

    function reduceLien(bytes32 lienId, uint256 batchId, uint256 amount) internal returns (address holder, uint256 left) {
        Lien storage lien = liens[lienId];
        uint256 before = lien.amount;
        require(before > 0, LienUnknown(lienId));
        require(amount > 0 && amount <= before, LienExceeded(lienId, amount, before));
        holder = lien.holder;
        left = before - amount;
        // The holder stays: an id once used is never free again.
        lien.amount = uint96(left);
        encumbrances[holder][batchId].liens -= uint96(amount);
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
        uint96 all = encumbrances[lost][batchId].liens;
        require(named == all, LiensIncomplete(named, all));
        encumbrances[lost][batchId].liens = 0;
        encumbrances[replacement][batchId].liens += all;
        frozen = Math.saturatingAdd(frozenOf(lost, batchId), frozenOf(replacement, batchId));
        setFrozen(lost, batchId, 0);
        setFrozen(replacement, batchId, frozen);
    }

    function frozenOf(address account, uint256 batchId) internal view returns (uint256) {
        uint160 frozen = encumbrances[account][batchId].frozen;
        return frozen == LARGE ? largeFreezes[account][batchId] : frozen;
    }

    function pledged(address account, uint256 batchId) internal view returns (uint256) {
        return encumbrances[account][batchId].liens;
    }

    function encumbered(address account, uint256 batchId) internal view returns (uint256) {
        return Math.saturatingAdd(frozenOf(account, batchId), encumbrances[account][batchId].liens);
    }

    function isEncumbered(address account, uint256 batchId) internal view returns (bool) {
        Encumbrance storage encumbrance = encumbrances[account][batchId];
        return encumbrance.liens != 0 || encumbrance.frozen != 0;
    }
}
