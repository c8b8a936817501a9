// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PayoutClaim, PayoutEpoch, PayoutLedger} from "../types/Payout.sol";

/// @title Pays proceeds and redemptions out to holders, and to platforms on their behalf, by cumulative Merkle claims.
/// @notice One distributor a token. Every operator has a ledger of its own in it and answers for its own trees with its own money: an epoch is
/// announced with its money, and claims never exceed it. A root is never replaced, only followed by an epoch that counts on: what somebody
/// had not claimed is in the next one, so neither a pause nor a late claim loses anything. Nobody takes money back out.
/// Amounts are base units of the token, which refuses whoever is no active participant of the same registry (`IPermissionedERC20`), a lost
/// wallet among them. This contract is a participant itself, of kind custodian.
/// Leaf: keccak256(bytes.concat(keccak256(abi.encode(account, cumulativeAmount)))), of OpenZeppelin's standard tree; an account has one leaf.
/// Source: architecture, "Contracts"; OpenZeppelin MerkleProof.
interface IPayoutDistributor {
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();
    /// @notice The caller is no active participant of the kind that this needs (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice The ledger is of another operator, whose place the caller did not take either.
    error CallerNotOperator(address caller, address operator);
    error RootMissing();
    /// @notice Totals count on: never below the epoch before.
    error TotalBelowPrevious(uint112 total, uint112 previousTotal);
    /// @notice Earlier than the delay allows; both in unix seconds.
    error ClaimableTooEarly(uint40 claimableAt, uint256 earliest);
    error EpochUnknown(address operator, uint32 epoch);
    error EpochPaused(address operator, uint32 epoch);
    /// @notice Claimable from `claimableAt` on, unix seconds.
    error EpochNotClaimable(uint32 epoch, uint40 claimableAt);
    /// @notice The leaf is not under the epoch's root.
    error ProofInvalid(address account, uint256 cumulativeAmount);
    /// @notice So much and more was paid to the account before.
    error NothingToClaim(address account, uint256 claimedAmount);
    /// @notice What was claimed in all would exceed the epoch's total: its leaves add up to more, or a later epoch is far ahead; claim from that.
    error TotalExceeded(uint256 claimed, uint112 total);
    /// @notice The account did not name the caller as its platform.
    error CallerNotDelegate(address caller, address account);
    /// @notice This wallet was not replaced.
    error NotRecovered(address lost);

    event EpochAnnounced(address indexed operator, uint32 indexed epoch, bytes32 root, uint112 total, uint40 claimableAt);
    /// @notice Bits of `PayoutPause` after a change.
    event EpochPausedSet(address indexed operator, uint32 indexed epoch, uint8 paused);
    /// @notice `to` is the account, the wallet that took its place, or its platform.
    event Claimed(address indexed operator, address indexed account, address indexed to, uint32 epoch, uint256 amount);
    event DelegateSet(address indexed account, address indexed platform);
    event DelaySet(uint32 delay);

    /// @notice Announces the next epoch of an operator's ledger and pays in what its total exceeds the last one by. The operator, or the wallet that
    /// took its place; it approved this contract on the token.
    /// @param total What all leaves add up to at most, cumulative.
    /// @param claimableAt Unix seconds, `delay` ahead at least: time for others to recompute the tree, and to pause.
    /// @return epoch Its number, from 1 on.
    /// @dev Reverts CallerNotEntitled, CallerNotOperator, RootMissing, TotalBelowPrevious, ClaimableTooEarly, and as the token's transfer.
    function announce(address operator, bytes32 root, uint112 total, uint40 claimableAt) external returns (uint32 epoch);

    /// @notice Pauses or resumes claims from one epoch; others of the ledger go on. The ledger's operator, for its own pauses, or a regulator, who
    /// resumes after both.
    /// @dev Reverts CallerNotOperator for anybody else, EpochUnknown.
    function setPaused(address operator, uint32 epoch, bool paused) external;

    /// @notice Pays the account what is due to it and was not paid yet. Anybody calls. An account of a platform claims for its users.
    /// @dev Reverts EpochUnknown, EpochPaused, EpochNotClaimable, ProofInvalid, NothingToClaim, TotalExceeded, and as the token's transfer.
    function claim(PayoutClaim calldata claim_, bytes32[] calldata proof) external;

    /// @notice As `claim`, to the wallet that took the account's place. Anybody calls. Reverts as `claim`, and NotRecovered.
    function claimForRecovered(PayoutClaim calldata claim_, bytes32[] calldata proof) external;

    /// @notice As `claim`, to the calling platform, which the account, or the wallet that took its place, named as its delegate
    /// and which passes the money on.
    /// @dev Reverts as `claim`, CallerNotDelegate, CallerNotEntitled.
    function claimAsDelegate(PayoutClaim calldata claim_, bytes32[] calldata proof) external;

    /// @notice Names the platform that may claim for the caller; 0 for none.
    function setDelegate(address platform) external;

    /// @notice Seconds from an announcement until claims at least. Binds later announcements. Restricted by the access manager.
    function setDelay(uint32 delay) external;

    function delay() external view returns (uint32);

    /// @notice All zero for an operator that never announced.
    function ledgerOf(address operator) external view returns (PayoutLedger memory);

    /// @notice All zero where unknown.
    function epochOf(address operator, uint32 epoch) external view returns (PayoutEpoch memory);

    /// @notice What was paid on an account's leaves of this operator so far.
    function claimedOf(address operator, address account) external view returns (uint256);

    function delegateOf(address account) external view returns (address platform);
}
