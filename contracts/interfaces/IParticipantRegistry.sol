// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Participant, ParticipantStatus} from "../types/Participant.sol";

/// @title Who may hold and act.
/// @notice Source of the rules: architecture, "Contracts". No personal data: identities are salted hashes.
interface IParticipantRegistry {
    /// @notice The zero address cannot take part.
    error ZeroParticipant();
    /// @notice Already registered: change it by `update` or `setStatus`.
    error ParticipantKnown(address account);
    error ParticipantUnknown(address account);
    /// @notice No kind at all, or a bit that no kind has.
    error KindsOutOfRange(uint16 kinds);
    /// @notice Not two ASCII capitals.
    error CountryMalformed(bytes2 country);
    /// @notice The expiry is not in the future. Unix seconds.
    error ExpiryPassed(uint40 expiry);
    /// @notice Not a status that can be set: 1 active, 2 suspended.
    error StatusOutOfRange(uint8 status);

    /// @notice The whole state of a participant after any change. Status 1 active, 2 suspended; expiry in unix seconds, 0 for none.
    event ParticipantSet(
        address indexed account,
        ParticipantStatus status,
        uint16 kinds,
        bytes2 country,
        uint40 expiry,
        bytes32 identityHash
    );

    /// @notice Admits a participant; it is active at once. Restricted by the access manager.
    /// @param kinds Bits: 1 operator, 2 verifier, 4 corporate, 8 bank, 16 exchange, 32 custodian, 64 liquidator.
    /// @param country ISO 3166-1 alpha-2, ASCII capitals.
    /// @param expiry Unix seconds from which on it is no longer active; 0 for none.
    /// @param identityHash Salted hash of the legal identifier.
    /// @dev Reverts ZeroParticipant, ParticipantKnown, KindsOutOfRange, CountryMalformed, ExpiryPassed.
    function register(address account, uint16 kinds, bytes2 country, uint40 expiry, bytes32 identityHash) external;

    /// @notice Replaces all but the status of a participant. Restricted by the access manager. Parameters as in `register`.
    /// @dev Reverts ParticipantUnknown, KindsOutOfRange, CountryMalformed, ExpiryPassed.
    function update(address account, uint16 kinds, bytes2 country, uint40 expiry, bytes32 identityHash) external;

    /// @notice Sets a participant active (1) or suspended (2). Restricted by the access manager.
    /// @dev Reverts ParticipantUnknown, StatusOutOfRange.
    function setStatus(address account, uint8 status) external;

    /// @notice True where the account is registered, active and not expired.
    function isActive(address account) external view returns (bool);

    /// @notice True where the account is active and has every bit of `kinds`.
    function hasKind(address account, uint16 kinds) external view returns (bool);

    /// @notice All zero where the account is not registered.
    function participantOf(address account) external view returns (Participant memory);
}
