// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {Lien, LienTerms, TransferRefusal} from "../types/Lien.sol";
import {RetirementAmount} from "../types/Retirement.sol";
import {IERC7943MultiToken} from "./IERC7943.sol";

/// @title Credits of every batch and external unit: ERC-1155, 18 decimals (10^18 base units are one tonne,
/// 10^9 one milligram).
/// @notice Only active participants send and hold. Freeze (ERC-7943) and liens add up: encumbered = frozen +
/// liens, and neither erases the other. Source: architecture, "Contracts"; batch format, "Accounting of a
/// batch on chain"; ERC-7943.
interface ICarbonCredit is IERC1155, IERC7943MultiToken {
    /// @notice Only an issuer (batch registry, external units) may mint and take back.
    error CallerNotIssuer(address caller);
    /// @notice Only the retirement registry may retire.
    error CallerNotRetirements(address caller);
    /// @notice The caller is no active participant of the kind that this needs (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice Serials name whole milligrams, 10^9 base units.
    error NotWholeMilligrams(uint256 amount);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();
    /// @notice Ordinary transfers are paused.
    error TransfersPaused();
    /// @notice The id is suspended.
    error TransferSuspended(uint256 batchId);
    /// @notice What a pool holds backs its shares: it can't be frozen, pledged or moved by force. Act on the
    /// shares, or suspend the batch.
    error HeldByPool(address pool);
    /// @notice The caller is neither party nor agent of this lien.
    error CallerNotPartyToLien(address caller, bytes32 lienId);
    error LienKnown(bytes32 lienId);
    error LienUnknown(bytes32 lienId);
    /// @notice Amount and rank must not be zero, beneficiary must be active and not the holder, agent 0 or of
    /// kind lien agent.
    error LienIncomplete();
    /// @notice More than is still pledged by this lien.
    error LienExceeded(bytes32 lienId, uint256 amount, uint256 pledged);
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);
    /// @notice The liens named are not all liens of this wallet on this id.
    error LiensIncomplete(uint256 named, uint256 pledged);

    event SuspensionSet(uint256 indexed batchId, bool suspended);
    event TransfersPausedSet(bool paused);
    event BaseUriSet(string baseUri);
    event LienPlaced(
        bytes32 indexed lienId,
        address indexed holder,
        uint256 indexed batchId,
        LienTerms terms,
        uint256 amount
    );
    /// @notice `left`: base units still pledged.
    event LienReduced(
        bytes32 indexed lienId,
        address indexed holder,
        uint256 indexed batchId,
        uint256 amount,
        uint256 left
    );
    event LienEnforced(
        bytes32 indexed lienId,
        address indexed holder,
        address indexed to,
        uint256 batchId,
        uint256 amount
    );
    /// @notice A lien follows its holder to the wallet that took its place.
    event LienMoved(bytes32 indexed lienId, address indexed from, address indexed to);
    /// @notice A lost wallet's balance of one id went to the wallet that took its place, with freeze and
    /// liens.
    event HoldingRecovered(
        address indexed lost,
        address indexed replacement,
        uint256 indexed batchId,
        uint256 amount
    );

    /// @notice Brings credits into circulation. Issuers only; the receiver is asked by ERC-1155's callback.
    /// @param amount Base units.
    /// @dev Reverts CallerNotIssuer, ERC7943CannotReceive and as OpenZeppelin's ERC-1155.
    function mint(address to, uint256 batchId, uint256 amount) external;

    /// @notice An issuer takes back unencumbered credits of `holder`, who asked it to: cure of a shortfall,
    /// release of external units.
    /// @dev Reverts CallerNotIssuer, NotWholeMilligrams, ERC7943CannotSend,
    /// ERC7943InsufficientUnfrozenBalance, ERC1155InsufficientBalance.
    function burnByIssuer(address holder, uint256 batchId, uint256 amount) external;

    /// @notice Takes unencumbered credits out of circulation for good. Retirement registry only, which calls
    /// for the holder itself.
    /// @param amounts Whole milligrams of each id.
    /// @dev Reverts CallerNotRetirements, ERC7943CannotSend, ERC7943InsufficientUnfrozenBalance,
    /// ERC1155InsufficientBalance.
    function burnForRetirement(address holder, RetirementAmount[] calldata amounts) external;

    /// @notice As `burnForRetirement`, by a regulator's order: unfreezes what is needed and releases the
    /// liens named; other liens hold.
    /// @dev Reverts CallerNotRetirements, NotWholeMilligrams, HeldByPool, LienUnknown,
    /// ERC7943InsufficientUnfrozenBalance, ERC1155InsufficientBalance.
    function burnByOrder(
        address holder,
        uint256 batchId,
        uint256 amount,
        LienTerms[] calldata released
    ) external;

    /// @notice Stops or resumes transfers of an id. Issuers only. Reverts CallerNotIssuer.
    function setSuspended(uint256 batchId, bool suspended) external;

    /// @notice Pauses or resumes ordinary transfers of all ids. Redemption from pools, release and
    /// enforcement of liens, retirement and regulators' orders go on. Restricted by the access manager.
    function setPaused(bool paused) external;

    /// @notice Where metadata of the ids lies: `uri(id)` is this, 0x and 64 hex digits of the id. Restricted
    /// by the access manager.
    function setBaseUri(string calldata baseUri) external;

    /// @notice Forced transfer that first releases the liens named, wholly; other liens hold. Regulators
    /// only.
    /// @dev Reverts CallerNotEntitled, HeldByPool, ERC7943CannotReceive (not active, or a pool),
    /// ERC1155InsufficientBalance, ERC7943InsufficientUnfrozenBalance for what other liens hold, LienUnknown,
    /// and ERC7943CannotTransfer to oneself. `forcedTransfer` reverts likewise, but to oneself it moves,
    /// unfreezes and releases nothing.
    function forcedTransferReleasing(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (bool result);

    /// @notice Pledges unencumbered credits. The holder of the terms, or their agent for it.
    /// @param amount Base units.
    /// @return lienId keccak256(abi.encode(terms)).
    /// @dev Reverts CallerNotPartyToLien, CallerNotEntitled, LienIncomplete, LienKnown, HeldByPool,
    /// ERC7943CannotSend, ERC1155InsufficientBalance, ERC7943InsufficientUnfrozenBalance. An id once used is
    /// never free again.
    function placeLien(LienTerms calldata terms, uint256 amount) external returns (bytes32 lienId);

    /// @notice Pledges more under a lien. Its present holder or the agent. Reverts as `placeLien`, and
    /// LienUnknown.
    function increaseLien(LienTerms calldata terms, uint256 amount) external;

    /// @notice Gives pledged credits free, wholly or in part, at any time. The beneficiary (or the wallet
    /// that took its place) or the agent, while active.
    /// @dev Reverts CallerNotPartyToLien, CallerNotEntitled for an agent that no longer is one, LienUnknown,
    /// LienExceeded.
    function releaseLien(LienTerms calldata terms, uint256 amount) external;

    /// @notice Moves pledged credits to `to`, an active liquidator, and reduces the lien by as much; a freeze
    /// holds: at most balance - frozen. The agent only. Not while suspended; a pause does not stop it.
    /// @dev Reverts CallerNotPartyToLien, CallerNotEntitled, LienUnknown, LienExceeded, TransferSuspended,
    /// ERC7943CannotReceive, ERC7943InsufficientUnfrozenBalance.
    function enforceLien(LienTerms calldata terms, address to, uint256 amount) external;

    /// @notice Lets one id follow a recovered wallet: the whole balance, the freeze and all liens, together.
    /// Anybody calls.
    /// @param liens Terms of every lien of the lost wallet on this id.
    /// @dev Reverts NotRecovered, LienUnknown, LiensIncomplete.
    function recover(address lost, uint256 batchId, LienTerms[] calldata liens) external;

    /// @notice Base units of an id in circulation, by its issuer's books.
    function totalSupply(uint256 batchId) external view returns (uint256);

    /// @notice 18 for every id.
    function decimals() external pure returns (uint8);

    function isSuspended(uint256 batchId) external view returns (bool);

    function isPaused() external view returns (bool);

    /// @notice Frozen + liens, base units; may exceed the balance. type(uint256).max where the sum does not
    /// fit.
    function encumberedOf(address account, uint256 batchId) external view returns (uint256);

    /// @notice Sum of all liens of an account on an id, base units.
    function pledgedOf(address account, uint256 batchId) external view returns (uint256);

    /// @notice Current holder and base units still pledged; zeros where unknown or released.
    function lienOf(bytes32 lienId) external view returns (Lien memory);

    function lienIdOf(LienTerms calldata terms) external pure returns (bytes32);

    /// @notice The first thing that stands in the way of a transfer by its owner, or None; for deposits into
    /// a pool, asked by the pool. Never reverts.
    /// @dev `canTransfer` is true for None, and for BalanceTooSmall where nothing is encumbered: a plain lack
    /// of balance is no rule (ERC-7943).
    function transferRefusal(
        address from,
        address to,
        uint256 batchId,
        uint256 amount
    ) external view returns (TransferRefusal);
}
