// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PayoutEpoch} from "../types/Payout.sol";

/// @title Pays one operator's proceeds and redemptions out to holders, and to platforms on their behalf, by
/// cumulative Merkle claims.
/// @notice One distributor an operator and token, so that what it holds is what its holders can claim:
/// nobody's tree reaches another's money, and claims never exceed what was paid in, because there is no more.
/// An epoch is announced with its money. A root is never replaced, only followed by an epoch that counts on:
/// what somebody had not claimed is in the next one, so neither a pause nor a late claim loses anything.
/// Nobody takes money back out. Amounts are base units of the token, which refuses whoever is no active
/// participant of the same registry (`IPermissionedERC20`), a lost wallet among them. This contract is a
/// participant itself, of kind escrow. Leaf: keccak256(bytes.concat(keccak256(abi.encode(account,
/// cumulativeAmount)))), of OpenZeppelin's standard tree; an account has one leaf. Source: architecture,
/// "Contracts"; OpenZeppelin MerkleProof.
interface IPayoutDistributor {
    /// @notice A contract or party that this one depends on was given as the zero address.
    error ZeroDependency();
    /// @notice The caller is no active participant of the kind that this needs (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice The caller is neither the distributor's operator nor the wallet that took its place, or not
    /// active.
    error CallerNotOperator(address caller, address operator);
    error RootMissing();
    /// @notice A root is announced once.
    error RootKnown(bytes32 root);
    error RootUnknown(bytes32 root);
    /// @notice Totals count on: never below the epoch before.
    error TotalBelowPrevious(uint112 total, uint112 previousTotal);
    /// @notice Earlier than the delay allows; both in unix seconds.
    error ClaimableTooEarly(uint40 claimableAt, uint256 earliest);
    error EpochPaused(uint32 epoch);
    /// @notice Claimable from `claimableAt` on, unix seconds.
    error EpochNotClaimable(uint32 epoch, uint40 claimableAt);
    /// @notice Leaf and proof lead to no root that was announced.
    error ProofInvalid(address account, uint256 cumulativeAmount);
    /// @notice So much and maybe more was paid to the account before.
    error NothingToClaim(address account, uint256 claimedAmount);
    /// @notice The account did not name the caller as its platform.
    error CallerNotDelegate(address caller, address account);
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);

    event EpochAnnounced(uint32 indexed epoch, bytes32 indexed root, uint112 total, uint40 claimableAt);
    /// @notice Bits of `PayoutPause` after a change.
    event EpochPausedSet(uint32 indexed epoch, uint8 paused);
    /// @notice `to` is the account, the wallet that took its place, or its platform.
    event Claimed(address indexed account, address indexed to, uint32 indexed epoch, uint256 amount);
    event DelegateSet(address indexed account, address indexed platform);
    event DelaySet(uint32 delay);

    /// @notice Announces the next epoch and pays in what its total exceeds the last one by. The operator, or
    /// the wallet that took its place; it approved this contract on the token.
    /// @param total What all leaves add up to at most, cumulative.
    /// @param claimableAt Unix seconds, `delay` ahead at least: time for others to recompute the tree, and to
    /// pause.
    /// @return epoch Its number, from 1 on.
    /// @dev Reverts CallerNotOperator, RootMissing, RootKnown, TotalBelowPrevious, ClaimableTooEarly, and as
    /// the token's transfer.
    function announce(bytes32 root, uint112 total, uint40 claimableAt) external returns (uint32 epoch);

    /// @notice Pauses or resumes claims from one epoch; others go on. The operator, for its own pauses, or a
    /// regulator, who resumes after both.
    /// @dev Reverts CallerNotOperator for anybody else, RootUnknown.
    function setPaused(bytes32 root, bool paused) external;

    /// @notice Pays the account what is due to it and was not paid yet. Anybody calls. An account of a
    /// platform claims for its users.
    /// @param cumulativeAmount What is due in all, over all epochs up to the leaf's.
    /// @dev Reverts ProofInvalid, EpochPaused, EpochNotClaimable, NothingToClaim, and as the token's
    /// transfer: ERC20InsufficientBalance where the leaves add up to more than the operator announced.
    function claim(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external;

    /// @notice As `claim`, to the wallet that took the account's place. Anybody calls. Reverts as `claim`,
    /// and NotRecovered.
    function claimForRecovered(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external;

    /// @notice As `claim`, to the calling platform, which the account, or the wallet that took its place,
    /// named as its delegate and which passes the money on.
    /// @dev Reverts as `claim`, CallerNotDelegate, CallerNotEntitled.
    function claimAsDelegate(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external;

    /// @notice Names the platform that may claim for the caller; 0 for none.
    function setDelegate(address platform) external;

    /// @notice Seconds from an announcement until claims at least. Binds later announcements. Restricted by
    /// the access manager.
    function setDelay(uint32 delay) external;

    function delay() external view returns (uint32);

    /// @notice Number and cumulative total of the latest epoch; zeros before the first.
    function latest() external view returns (uint32 epoch, uint112 total);

    /// @notice All zero where the root is unknown.
    function epochOf(bytes32 root) external view returns (PayoutEpoch memory);

    /// @notice What was paid on an account's leaves so far.
    function claimedOf(address account) external view returns (uint256);

    function delegateOf(address account) external view returns (address platform);
}
