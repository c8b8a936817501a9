// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {LienTerms, TransferRefusal} from "../types/Lien.sol";
import {RetirementAmount} from "../types/Retirement.sol";
import {IERC7943MultiToken} from "./IERC7943.sol";
import {IHolds} from "./IHolds.sol";

/// @title Credits of every batch and external unit: ERC-1155, 18 decimals (10^18 base units are one tonne,
/// 10^9 one milligram).
/// @notice Only active participants send and hold. Liens, locks and freezes (ERC-7943) are those of IHolds:
/// they add up, and none erases another. `setFrozenTokens` overwrites what the caller's authority froze,
/// `getFrozenTokens` and `Frozen` tell the sum of all authorities, holds not included. Source: architecture,
/// "Contracts"; batch format, "Accounting of a
/// batch on chain"; ERC-7943.
interface ICarbonCredit is IERC1155, IERC7943MultiToken, IHolds {
    /// @notice Only an issuer (batch registry, external units) may mint and take back.
    error CallerNotIssuer(address caller);
    /// @notice Only the retirement registry may retire.
    error CallerNotRetirements(address caller);
    /// @notice Serials name whole milligrams, 10^9 base units.
    error NotWholeMilligrams(uint256 amount);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();
    /// @notice Ordinary transfers are paused.
    error TransfersPaused();
    /// @notice The id is suspended.
    error TransferSuspended(uint256 batchId);
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);

    event SuspensionSet(uint256 indexed batchId, bool suspended);
    event TransfersPausedSet(bool paused);
    event BaseUriSet(string baseUri);
    /// @notice A lost wallet's balance of one id went to the wallet that took its place, with all
    /// that is held and frozen.
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

    /// @notice As `burnForRetirement`, by a regulator's order: ends the liens named, and lowers what the
    /// regulator's own authority froze as far as needed; other holds and freezes stand.
    /// @dev Reverts CallerNotRetirements, CallerNotEntitled for the regulator, NotWholeMilligrams,
    /// HeldByPool, HoldUnknown, AmountAboveLimit, ERC1155InsufficientBalance.
    function burnByOrder(
        address regulator,
        address holder,
        uint256 batchId,
        uint256 amount,
        LienTerms[] calldata released
    ) external;

    /// @notice Stops or resumes transfers of an id. Issuers only. Reverts CallerNotIssuer.
    function setSuspended(uint256 batchId, bool suspended) external;

    /// @notice Pauses or resumes ordinary transfers of all ids. Redemption from pools, holds of
    /// every kind, retirement and regulators' orders go on. Restricted by the access manager.
    function setPaused(bool paused) external;

    /// @notice Where metadata of the ids lies: `uri(id)` is this, 0x and 64 hex digits of the id. Restricted
    /// by the access manager.
    function setBaseUri(string calldata baseUri) external;

    /// @notice Forced transfer that first ends the liens named, wholly; other holds stand, and so does what
    /// other authorities froze. The own freeze goes down by what was not free otherwise. Regulators only.
    /// @dev Reverts CallerNotEntitled, HeldByPool, ERC7943CannotReceive (not active, or a pool),
    /// ERC1155InsufficientBalance, AmountAboveLimit for what is held or others froze, HoldUnknown, and
    /// ERC7943CannotTransfer to oneself. `forcedTransfer` reverts likewise, but to oneself it moves,
    /// unfreezes and releases nothing.
    function forcedTransferReleasing(
        address from,
        address to,
        uint256 tokenId,
        uint256 amount,
        LienTerms[] calldata released
    ) external returns (bool result);

    /// @notice Lets one id follow a recovered wallet: the whole balance and all that is held and frozen,
    /// however many holds there are. Anybody calls; no receiver hook is called.
    /// @dev Reverts NotRecovered.
    function recover(address lost, uint256 batchId) external;

    /// @notice Base units of an id in circulation, by its issuer's books.
    function totalSupply(uint256 batchId) external view returns (uint256);

    /// @notice 18 for every id.
    function decimals() external pure returns (uint8);

    function isSuspended(uint256 batchId) external view returns (bool);

    function isPaused() external view returns (bool);

    /// @notice The first thing that stands in the way of a transfer by its owner, or None, in the order in
    /// which a transfer asks; for deposits into a pool, asked by the pool. Never reverts.
    /// @dev `canTransfer` is true for None and for BalanceTooSmall: a lack of balance is no rule (ERC-7943).
    function transferRefusal(
        address from,
        address to,
        uint256 batchId,
        uint256 amount
    ) external view returns (TransferRefusal);
}
