// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {IHolds} from "../interfaces/IHolds.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Succession} from "../libraries/Succession.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title Who may act on a hold, and what the token at this address says of its units.
/// @dev Runs in a token that delegates here: `address(this)` is the token, `msg.sender` its caller, and
/// storage the token's own.
abstract contract HoldParties {
    IParticipantRegistry internal immutable participants;
    bool internal immutable isFungible;

    /// @param isFungible_ An ERC-20, of the one id 0; else an ERC-1155 of credits.
    constructor(IParticipantRegistry participants_, bool isFungible_) {
        participants = participants_;
        isFungible = isFungible_;
    }

    function balanceOf(address account, uint256 tokenId) internal view returns (uint256) {
        if (isFungible) return IERC20(address(this)).balanceOf(account);
        return IERC1155(address(this)).balanceOf(account, tokenId);
    }

    function requireNotSuspended(uint256 tokenId) internal view {
        bool isSuspended = !isFungible && ICarbonCredit(address(this)).isSuspended(tokenId);
        require(!isSuspended, ICarbonCredit.TransferSuspended(tokenId));
    }

    function isId(uint256 tokenId) internal view returns (bool) {
        return !isFungible || tokenId == 0;
    }

    /// @dev Whatever the pool's status: a suspended one's shares must stay backed.
    function requireNoPool(address account) internal view {
        bool isPool = participants.kindsOnFile(account) & ParticipantKinds.POOL != 0;
        require(!isPool, IHolds.HeldByPool(account));
    }

    /// @dev An active owner that is no pool.
    function requireOwner(address holder) internal view {
        (uint32 kinds, ) = participants.standingOf(holder);
        require(kinds != 0, IERC7943MultiToken.ERC7943CannotSend(holder));
        require(kinds & ParticipantKinds.POOL == 0, IHolds.HeldByPool(holder));
    }

    /// @dev Who gets held units: active, of the kinds needed; no pool gets any.
    function requireReceiver(address to, uint32 needed) internal view {
        (uint32 kinds, ) = participants.standingOf(to);
        bool receives = kinds != 0 && kinds & needed == needed && kinds & ParticipantKinds.POOL == 0;
        require(receives, IERC7943MultiToken.ERC7943CannotReceive(to));
    }

    /// @dev The party calls, or signed.
    function requireConsent(
        address party,
        bytes32 digest,
        bytes calldata signature,
        uint256 position
    ) internal view {
        if (msg.sender == party) return;
        require(signature.length > 0, IHolds.ConsentMissing(party));
        bool isTheirs = Quorum.signerOf(digest, signature, position) == party;
        require(isTheirs, IHolds.ConsentMissing(party));
    }

    /// @dev The agent of a hold calls, or the contract that succeeded it, while it is one.
    function requireAgent(address agent, uint32 kind, bytes32 holdId) internal view {
        require(isAgent(agent), IHolds.CallerNotPartyToHold(msg.sender, holdId));
        require(participants.hasKind(msg.sender, kind), IHolds.CallerNotEntitled(msg.sender, kind));
    }

    function isAgent(address agent) internal view returns (bool) {
        if (msg.sender == agent) return true;
        return agent != address(0) && participants.successorOf(agent) == msg.sender;
    }

    /// @dev The caller is this party, or took its place, and active: a lost or suspended wallet gives nothing
    /// away.
    function actsFor(address party) internal view returns (bool) {
        bool isParty = Succession.standsFor(participants, msg.sender, party) || isAgent(party);
        return isParty && participants.isActive(msg.sender);
    }

    /// @dev The firm of an active regulator.
    function authorityOf(address regulator) internal view returns (bytes32 firm) {
        uint32 kinds;
        (kinds, , firm) = participants.standingAndFirmOf(regulator);
        bool isRegulator = kinds & ParticipantKinds.REGULATOR != 0;
        require(isRegulator, IHolds.CallerNotEntitled(regulator, ParticipantKinds.REGULATOR));
    }
}
