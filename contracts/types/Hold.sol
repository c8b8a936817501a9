// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What stands on an account's units. Later values are appended, never inserted.
enum HoldKind {
    /// Released by its beneficiary; leaves to a liquidator, or through a lock to a buyer.
    Lien,
    /// Ends by itself; delivered by the settlement contract that it names.
    Lock
}

/// @notice What a freeze stops. Later values are appended, never inserted.
enum FreezeClass {
    /// A seizure: ranks behind what was pledged or locked before it, so it stops the owner only.
    Attachment,
    /// Sanctions, crime: stops deliveries and enforcement, too.
    Prohibition
}

/// @notice A lien or a lock as it lies in storage, by its id: the hash of its terms, used once. A lien fills
/// one slot, a lock two, and three where its units come from a lien.
struct Hold {
    /// Whose units are held. The wallet that took its place once those moved there (`HoldLedger.holderOf`).
    address holder;
    /// Base units still held; 0 once it ended.
    uint96 amount;
    HoldKind kind;
    /// Unix seconds from which on anybody ends it; 0 for none.
    uint40 expiry;
    /// The lien that the units go back to when a lock ends; 0 for none.
    bytes32 origin;
}

/// @notice What a lock is about. Its id is keccak256(abi.encode(terms)): who acts on a lock brings its terms
/// along.
struct LockTerms {
    /// Whose units are locked.
    address holder;
    /// Id of the units; 0 in a fungible token.
    uint256 tokenId;
    /// Base units, > 0.
    uint256 amount;
    /// The contract of kind settlement that delivers it, or gives it back.
    address agent;
    /// Unix seconds from which on nothing is delivered and anybody ends it.
    uint40 expiry;
    /// The lien that the units are taken from, 0 for free units.
    bytes32 origin;
    /// Hash of the instruction, or a number that makes equal terms distinct.
    bytes32 instructionHash;
}

/// @notice What one authority froze of an account's units, by class, in base units.
struct AuthorityFreeze {
    uint128 attached;
    uint128 prohibited;
}
