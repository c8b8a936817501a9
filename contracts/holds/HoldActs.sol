// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IHolds} from "../interfaces/IHolds.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {FreezeClass, Hold} from "../types/Hold.sol";
import {LienTerms} from "../types/Lien.sol";
import {HoldLedger} from "./HoldLedger.sol";
import {HoldParties} from "./HoldParties.sol";
import {HoldStorage} from "./HoldStorage.sol";
import {LienActs} from "./LienActs.sol";
import {LockActs} from "./LockActs.sol";

/// @title What a token does to holds. Each token creates one of its own and delegates to it; called by
/// anybody else it acts on nothing.
/// @notice Liens and locks as IHolds has them, what authorities do, and the way to another wallet.
contract HoldActs is LienActs, LockActs {
    constructor(
        IParticipantRegistry participants_,
        bool isFungible_
    ) HoldParties(participants_, isFungible_) {}

    /// @notice As `IHolds.freezeByOrder`.
    /// @return current The wallet where the holding lies.
    /// @return frozen By all authorities.
    function freezeByOrder(
        bytes32 orderHash,
        FreezeClass freezeClass,
        address account,
        uint256 tokenId,
        uint256 amount
    ) external returns (address current, uint256 frozen) {
        bytes32 firm = authorityOf(msg.sender);
        require(orderHash != 0, IHolds.OrderHashMissing());
        current = freezable(account, tokenId, amount);
        frozen = HoldLedger.freeze(current, tokenId, firm, freezeClass, amount);
        emit IHolds.FrozenByOrder(orderHash, current, tokenId, firm, freezeClass, amount);
    }

    /// @notice Overwrites all that the caller's authority froze (`setFrozenTokens`).
    /// @return current The wallet where the holding lies.
    /// @return frozen By all authorities.
    function freezeAll(
        address account,
        uint256 tokenId,
        uint256 amount
    ) external returns (address current, uint256 frozen) {
        bytes32 firm = authorityOf(msg.sender);
        current = freezable(account, tokenId, amount);
        frozen = HoldLedger.freezeAll(current, tokenId, firm, amount);
    }

    /// @notice Before units leave by order of this regulator's authority: ends the liens named, wholly, then
    /// lowers the authority's own freeze by what is not free otherwise.
    /// @return frozen By all authorities, afterwards.
    /// @return lowered By how much.
    function takeByOrder(
        address regulator,
        address account,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (uint256 frozen, uint256 lowered) {
        bytes32 firm = authorityOf(regulator);
        requireNoPool(account);
        for (uint256 i = 0; i < released.length; ++i) releaseNamed(account, tokenId, released[i]);
        return HoldLedger.take(account, tokenId, firm, amount, balanceOf(account, tokenId));
    }

    /// @notice Lets holds and freezes follow a lost wallet's balance.
    /// @return frozen On the replacement, by all authorities.
    function move(address lost, address replacement, uint256 tokenId) external returns (uint256 frozen) {
        return HoldLedger.move(lost, replacement, tokenId);
    }

    function releaseNamed(address account, uint256 tokenId, LienTerms calldata terms) private {
        bytes32 lienId = keccak256(abi.encode(terms));
        Hold storage lien = HoldStorage.layout().holdOf[lienId];
        uint256 amount = lien.amount;
        bool isThere =
            amount > 0 && terms.tokenId == tokenId && HoldLedger.holderOf(lien, tokenId) == account;
        require(isThere, IHolds.HoldUnknown(lienId));
        release(lienId, tokenId, amount);
    }

    function freezable(address account, uint256 tokenId, uint256 amount) private view returns (address) {
        // What was frozen before the account became a pool can still be lifted.
        if (amount != 0) requireNoPool(account);
        // Where anything is frozen, the holding is there.
        if (HoldLedger.wordOf(account, tokenId).frozen != 0) return account;
        return HoldLedger.currentOf(account, tokenId);
    }
}
