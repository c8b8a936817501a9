// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What a lien is about. The lien's id is keccak256(abi.encode(terms)): who acts on a lien brings its
/// terms along. There is no rank: no two liens stand on the same units, and creditors who share one rank
/// among themselves.
struct LienTerms {
    /// Whose units are pledged, as of the day on which the lien was placed.
    address holder;
    /// Id of the units; 0 in a fungible token.
    uint256 tokenId;
    /// Who may release it: the bank, or the contract of its pledge.
    address beneficiary;
    /// The contract of kind lien agent that may act on it for both; 0 for none.
    address agent;
    /// Hash of the agreement, or number that makes equal terms distinct.
    bytes32 agreementHash;
}

/// @notice What holder and beneficiary of a lien agree on, each as the caller or by an EIP-712 signature. The
/// lien's id is its nonce: a lien is placed once.
struct LienConsent {
    LienTerms terms;
    /// Base units that may be pledged at most.
    uint256 maxAmount;
    /// Unix seconds up to and including which the lien may be placed.
    uint64 deadline;
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
    /// More than the balance less what is frozen and held.
    Encumbered
}
