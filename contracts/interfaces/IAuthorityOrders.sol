// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What an authority takes, two of its wallets order.
/// @notice An authority is a firm with wallets of kind regulator. Freezing is one wallet's, at once; an act
/// that takes (a forced transfer, a retirement by order, the release of a lien) is announced by one wallet
/// with the hash of the order behind it, for every node to see, and carried out by another one after a time.
/// Until then any wallet of the authority withdraws it. The contract that carries an act out asks here
/// (`use`). Source: design, "Two-man rule".
interface IAuthorityOrders {
    /// @notice As it was announced. Times in unix seconds: carried out from `earliest` up to `latest`.
    struct Announcement {
        address announcer;
        uint48 earliest;
        uint48 latest;
        bytes32 orderHash;
    }

    /// @notice The caller is no active regulator.
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice Neither the contract that acts nor the hash of the order may be left out.
    error OrderIncomplete();
    /// @notice Announced already, and neither carried out, withdrawn nor lapsed.
    error OrderKnown(bytes32 actionHash);
    /// @notice Not announced by this authority, or withdrawn or carried out since.
    error OrderUnknown(bytes32 actionHash);
    /// @notice Not to be carried out before `earliest`, unix seconds.
    error OrderTooEarly(uint256 earliest);
    /// @notice Not carried out by `latest`, unix seconds.
    error OrderLapsed(uint256 latest);
    /// @notice Who announced an act doesn't carry it out, nor does the wallet that took the announcer's
    /// place.
    error SameWallet(address wallet);
    /// @notice Who announced it is no active regulator any more: its word died with its status.
    error AnnouncerNotEntitled(address announcer);
    /// @notice An act is to be carried out within some time; one day at least, but on the chain for
    /// development.
    error LapseTooShort(uint32 lapseSeconds);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    /// @notice `action`: the call that is going to be made of `target`, selector and arguments.
    event OrderAnnounced(
        address indexed target,
        bytes32 indexed actionHash,
        bytes32 indexed orderHash,
        address announcer,
        bytes action,
        uint256 earliest,
        uint256 latest
    );
    event OrderWithdrawn(bytes32 indexed actionHash, bytes32 indexed orderHash, address wallet);
    event OrderCarriedOut(
        address indexed target,
        bytes32 indexed actionHash,
        bytes32 indexed orderHash,
        address announcer,
        address confirmer
    );
    event TimesSet(uint32 orderSeconds, uint32 lapseSeconds);

    /// @notice Announces a call that another wallet of the caller's authority will make. Regulators only.
    /// @param target The contract that the call is made of.
    /// @param action The whole call: selector and arguments.
    /// @param orderHash Salted hash of the order, not 0.
    /// @return actionHash What the call is known by here.
    /// @dev Reverts CallerNotEntitled, OrderIncomplete, OrderKnown.
    function announce(
        address target,
        bytes calldata action,
        bytes32 orderHash
    ) external returns (bytes32 actionHash);

    /// @notice Takes an announcement back, also a lapsed one. Wallets of the authority that announced it
    /// only.
    /// @dev Reverts OrderUnknown, CallerNotEntitled.
    function withdraw(bytes32 actionHash) external;

    /// @notice The calling contract is about to do what `caller` asked it for: the announcement of it is used
    /// up, once. A call announced once and made twice needs two announcements.
    /// @param caller Who called the calling contract: an active regulator.
    /// @param dataHash keccak256 of the whole call (`msg.data`).
    /// @return orderHash Of the order behind it, never 0.
    /// @dev Reverts CallerNotEntitled, OrderUnknown, SameWallet, AnnouncerNotEntitled, OrderTooEarly,
    /// OrderLapsed.
    function use(address caller, bytes32 dataHash) external returns (bytes32 orderHash);

    /// @notice Seconds between an announcement and its act, and during which the act may be carried out from
    /// then on. For announcements from then on. Restricted by the access manager.
    /// @dev Reverts LapseTooShort.
    function setTimes(uint32 orderSeconds, uint32 lapseSeconds) external;

    /// @notice All zero where nothing is announced under this hash.
    function announcementOf(bytes32 actionHash) external view returns (Announcement memory);

    /// @notice keccak256(abi.encode(target, dataHash, firmId)): what a call is known by, of one authority.
    function hashAction(
        address target,
        bytes32 dataHash,
        bytes32 firmId
    ) external pure returns (bytes32 actionHash);

    function times() external view returns (uint32 orderSeconds, uint32 lapseSeconds);
}
