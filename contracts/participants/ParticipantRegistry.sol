// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Participant, ParticipantKinds, ParticipantStatus} from "../types/Participant.sol";

/// @title Who may hold and act. See IParticipantRegistry.
contract ParticipantRegistry is IParticipantRegistry, AccessManaged {
    mapping(address account => Participant) private participants;

    constructor(address manager) AccessManaged(manager) {}

    /// @inheritdoc IParticipantRegistry
    function register(address account, uint16 kinds, bytes2 country, uint40 expiry, bytes32 identityHash) external restricted {
        require(account != address(0), ZeroParticipant());
        require(participants[account].status == ParticipantStatus.None, ParticipantKnown(account));
        Participant memory participant = Participant(ParticipantStatus.Active, kinds, country, expiry, identityHash);
        check(participant);
        store(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function update(address account, uint16 kinds, bytes2 country, uint40 expiry, bytes32 identityHash) external restricted {
        ParticipantStatus status = participants[account].status;
        require(status != ParticipantStatus.None, ParticipantUnknown(account));
        Participant memory participant = Participant(status, kinds, country, expiry, identityHash);
        check(participant);
        store(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function setStatus(address account, uint8 status) external restricted {
        Participant memory participant = participants[account];
        require(participant.status != ParticipantStatus.None, ParticipantUnknown(account));
        require(status > uint8(ParticipantStatus.None) && status <= uint8(type(ParticipantStatus).max), StatusOutOfRange(status));
        participant.status = ParticipantStatus(status);
        store(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function isActive(address account) external view returns (bool) {
        return active(participants[account]);
    }

    /// @inheritdoc IParticipantRegistry
    function hasKind(address account, uint16 kinds) external view returns (bool) {
        Participant storage participant = participants[account];
        return active(participant) && participant.kinds & kinds == kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (Participant memory) {
        return participants[account];
    }

    function check(Participant memory participant) private view {
        require(participant.kinds != 0 && participant.kinds <= ParticipantKinds.ALL, KindsOutOfRange(participant.kinds));
        require(CountryCode.isWellFormed(participant.country), CountryMalformed(participant.country));
        require(participant.expiry == 0 || participant.expiry > block.timestamp, ExpiryPassed(participant.expiry));
    }

    function store(address account, Participant memory participant) private {
        participants[account] = participant;
        emit ParticipantSet(
            account,
            participant.status,
            participant.kinds,
            participant.country,
            participant.expiry,
            participant.identityHash
        );
    }

    function active(Participant storage participant) private view returns (bool) {
        uint40 expiry = participant.expiry;
        return participant.status == ParticipantStatus.Active && (expiry == 0 || block.timestamp < expiry);
    }
}
