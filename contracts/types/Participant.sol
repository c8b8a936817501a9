// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Whether a participant may act. Later values are appended, never inserted.
enum ParticipantStatus {
    None,
    Active,
    Suspended
}

/// @notice Who may hold and act. The first four fields share one slot: a transfer reads one word per side.
struct Participant {
    ParticipantStatus status;
    /// Bits of `ParticipantKinds`.
    uint16 kinds;
    /// ISO 3166-1 alpha-2, ASCII capitals.
    bytes2 country;
    /// Unix seconds from which on the participant is no longer active; 0 for none.
    uint40 expiry;
    /// Salted hash of the legal identifier (LEI, USCC); salt and identifier stay off chain.
    bytes32 identityHash;
}

/// @notice Bits of `Participant.kinds`.
library ParticipantKinds {
    uint16 internal constant OPERATOR = 1;
    uint16 internal constant VERIFIER = 2;
    uint16 internal constant CORPORATE = 4;
    uint16 internal constant BANK = 8;
    uint16 internal constant EXCHANGE = 16;
    uint16 internal constant CUSTODIAN = 32;
    uint16 internal constant LIQUIDATOR = 64;
    uint16 internal constant ALL = 127;
}
