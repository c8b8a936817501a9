// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What a lien is about. The lien's id is keccak256(abi.encode(terms)): who acts on a lien brings its
/// terms along.
struct LienTerms {
    /// Whose credits are pledged, as of the day on which the lien was placed.
    address holder;
    /// Id of the credits.
    uint256 batchId;
    /// Who may release it: the bank.
    address beneficiary;
    /// The contract of kind lien agent that may act on it for both; 0 for none.
    address agent;
    /// Order in which beneficiaries are served, 1 first. The token keeps it for readers; each lien stands on
    /// credits of its own.
    uint16 rank;
    /// Hash of the agreement, or number that makes equal terms distinct.
    bytes32 agreementHash;
}

/// @notice A lien as it lies in storage: one slot.
struct Lien {
    /// Whose credits are pledged now: the holder of the terms, or the wallet that took its place.
    address holder;
    /// Base units still pledged; 0: released, or never placed.
    uint96 amount;
}

/// @notice What stands in the way of a transfer. Later values are appended, never inserted.
enum TransferRefusal {
    None,
    SenderNotActive,
    ReceiverNotActive,
    BatchSuspended,
    TransfersPaused,
    /// Pools take credits by `deposit` only.
    PoolTakesDepositsOnly,
    /// More than the balance.
    BalanceTooSmall,
    /// More than the balance less freeze and liens.
    Encumbered
}
