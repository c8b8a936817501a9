// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Whether a participant may act. Later values are appended, never inserted.
enum ParticipantStatus {
    None,
    Active,
    Suspended,
    /// The wallet was lost and replaced; for good.
    Recovered,
    /// Suspended by a regulator, whom registrars can't overrule.
    Barred,
    /// Said to be lost: does nothing until it objects, or its recovery is completed or lapses.
    Recovering
}

/// @notice Who may hold and act. All of it fills one slot: whoever asks, and for what, reads one word an
/// account.
struct Participant {
    ParticipantStatus status;
    /// Bits of `ParticipantKinds`.
    uint32 kinds;
    /// Bit n - 1 stands for verifier set n; sets have members of kind verifier only.
    uint32 verifierSets;
    /// ISO 3166-1 alpha-2, ASCII capitals.
    bytes2 country;
    /// Unix seconds from which on the participant is no longer active; 0 for none.
    uint40 expiry;
    /// Whose wallet it is: the first 16 bytes of HMAC(registry key, "LEI" or "USCC" ‖ code), made by the key
    /// service, so that one firm has one id whoever admits its wallets; 0 for none. Key and code stay off
    /// chain.
    bytes16 firmId;
}

/// @notice A participant to be admitted, fields as in `Participant`.
struct Admission {
    address account;
    uint32 kinds;
    bytes2 country;
    uint40 expiry;
    bytes16 firmId;
}

/// @notice What guardians sign (EIP-712) to move a lost wallet's holdings to another.
struct Recovery {
    address lost;
    /// Not registered yet: it takes the lost wallet's place.
    address replacement;
    /// Salted hash of the case's file, not 0.
    bytes32 reasonHash;
    /// Unix seconds up to and including which it may be announced.
    uint64 deadline;
}

/// @notice Bits of `Participant.kinds`.
library ParticipantKinds {
    /// Pooling operator: commits batches.
    uint32 internal constant OPERATOR = 1;
    uint32 internal constant VERIFIER = 2;
    uint32 internal constant CORPORATE = 4;
    uint32 internal constant BANK = 8;
    uint32 internal constant EXCHANGE = 16;
    /// A contract that keeps cash for others.
    uint32 internal constant ESCROW = 32;
    /// Receives credits from enforced liens; nobody else does.
    uint32 internal constant LIQUIDATOR = 64;
    /// Claims payouts on behalf of its users.
    uint32 internal constant PLATFORM = 128;
    /// Operates another registry and signs immobilisations.
    uint32 internal constant REGISTRY = 256;
    /// A pool contract: holds credits by deposit only.
    uint32 internal constant POOL = 512;
    /// A contract that creates pools.
    uint32 internal constant POOL_FACTORY = 1024;
    /// A contract that places, releases and enforces liens for holders and banks.
    uint32 internal constant LIEN_AGENT = 2048;
    /// Admits and updates participants of the ordinary kinds.
    uint32 internal constant REGISTRAR = 4096;
    /// Freezes, forces transfers and retirements, suspends.
    uint32 internal constant REGULATOR = 8192;
    /// Signs recoveries of lost wallets.
    uint32 internal constant GUARDIAN = 16384;
    /// A bank that brings settlement cash into circulation.
    uint32 internal constant CASH_ISSUER = 32768;
    /// A contract that delivers locked units.
    uint32 internal constant SETTLEMENT = 65536;
    /// Signs observations of prices.
    uint32 internal constant SIGNER = 131072;
    uint32 internal constant ALL = 262143;
    /// What a registrar may give; every other kind is appointed through the access manager.
    uint32 internal constant ORDINARY = CORPORATE | BANK | EXCHANGE | PLATFORM;
    /// What only contracts hold. They don't get lost: guardians can't replace them, registrars can't suspend
    /// them.
    uint32 internal constant CONTRACTS = POOL | POOL_FACTORY | LIEN_AGENT | ESCROW | SETTLEMENT;
    /// Contracts that act on holds; one may name another that goes on in its place.
    uint32 internal constant AGENTS = LIEN_AGENT | SETTLEMENT;
    /// What only a known firm may be: these sign, order, issue, or stand as one of several.
    uint32 internal constant FIRMS =
        OPERATOR |
            VERIFIER |
            BANK |
            EXCHANGE |
            LIQUIDATOR |
            REGISTRY |
            REGULATOR |
            GUARDIAN |
            CASH_ISSUER |
            SIGNER;
    /// What goes over to the wallet that takes a lost one's place. Powers over others (to attest, to
    /// register, to order, to sign recoveries, to issue cash or units) are appointed anew, or guardians could
    /// give them to wallets of their own.
    uint32 internal constant RECOVERABLE = ORDINARY | OPERATOR | LIQUIDATOR;
}
