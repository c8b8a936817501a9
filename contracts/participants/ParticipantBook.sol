// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Participant, ParticipantKinds, ParticipantStatus} from "../types/Participant.sol";

/// @title The book of participants and the questions about it. See IParticipantRegistry.
abstract contract ParticipantBook is IParticipantRegistry {
    mapping(address account => Participant) private participants;
    /// @dev Verifier sets by number; 0 stands for all verifiers.
    mapping(uint8 verifierSet => uint256) private firmCounts;
    mapping(uint8 verifierSet => mapping(bytes16 firmId => uint256)) private walletCounts;

    /// @inheritdoc IParticipantRegistry
    function isActive(address account) external view returns (bool) {
        return kindsWhileActive(account) != 0;
    }

    /// @inheritdoc IParticipantRegistry
    function hasKind(address account, uint32 kinds) external view returns (bool) {
        uint32 held = kindsWhileActive(account);
        return held != 0 && held & kinds == kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function kindsOf(
        address one,
        address other
    ) external view returns (uint32 kindsOfOne, uint32 kindsOfOther) {
        return (kindsWhileActive(one), kindsWhileActive(other));
    }

    /// @inheritdoc IParticipantRegistry
    function kindsOnFile(address account) external view returns (uint32) {
        return participants[account].kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (Participant memory) {
        return participants[account];
    }

    /// @inheritdoc IParticipantRegistry
    function standingAndFirmOf(
        address account
    ) external view returns (uint32 kinds, uint32 verifierSets, bytes32 firmId) {
        (kinds, verifierSets) = standingOf(account);
        if (kinds != 0) firmId = participants[account].firmId;
    }

    /// @inheritdoc IParticipantRegistry
    function firmCountOf(uint8 verifierSet) external view returns (uint256) {
        return firmCounts[verifierSet];
    }

    /// @inheritdoc IParticipantRegistry
    function firmCountBeside(uint8 verifierSet, bytes32 firmId) external view returns (uint256 count) {
        count = firmCounts[verifierSet];
        if (walletCounts[verifierSet][bytes16(firmId)] > 0) --count;
    }

    /// @inheritdoc IParticipantRegistry
    function firmOf(address account) public view returns (bytes32) {
        return participants[account].firmId;
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account) public view returns (uint32 kinds, uint32 verifierSets) {
        kinds = kindsWhileActive(account);
        if (kinds != 0) verifierSets = participants[account].verifierSets;
    }

    function recordOf(address account) internal view returns (Participant storage) {
        return participants[account];
    }

    /// @dev Stores the whole state of a participant and tells it.
    function setParticipant(
        address account,
        ParticipantStatus status,
        uint32 kinds,
        uint32 verifierSets,
        bytes2 country,
        uint40 expiry,
        bytes16 firmId
    ) internal {
        Participant storage stored = participants[account];
        uint256 setsBefore = countedSets(stored.status, stored.kinds, stored.verifierSets);
        uint256 setsNow = countedSets(status, kinds, verifierSets);
        // A verifier has a firm, and a firm never changes: what was counted was counted under this one.
        if (setsNow != setsBefore) countFirm(firmId, setsBefore, setsNow);
        write(account, status, kinds, verifierSets, country, expiry, firmId);
    }

    /// @dev As `setParticipant`, for one that counts in no verifier set, before and after. Values come as
    /// arguments, so that the compiler writes their slot once.
    function write(
        address account,
        ParticipantStatus status,
        uint32 kinds,
        uint32 verifierSets,
        bytes2 country,
        uint40 expiry,
        bytes16 firmId
    ) internal {
        Participant storage stored = participants[account];
        stored.status = status;
        stored.kinds = kinds;
        stored.verifierSets = verifierSets;
        stored.country = country;
        stored.expiry = expiry;
        stored.firmId = firmId;
        emit ParticipantSet(account, status, kinds, verifierSets, country, expiry, firmId);
    }

    function setParticipant(address account, Participant memory participant) internal {
        setParticipant(
            account,
            participant.status,
            participant.kinds,
            participant.verifierSets,
            participant.country,
            participant.expiry,
            participant.firmId
        );
    }

    function requireKind(uint32 kinds) internal view {
        require(kindsWhileActive(msg.sender) & kinds == kinds, CallerNotEntitled(msg.sender, kinds));
    }

    function requireNew(address account) internal view {
        require(account != address(0), ZeroParticipant());
        require(participants[account].status == ParticipantStatus.None, ParticipantKnown(account));
    }

    /// @dev Everybody registered has a kind. Status last, in one go with the others: so the word is read
    /// once.
    function kindsWhileActive(address account) internal view returns (uint32 kinds) {
        // Mints and burns ask for it too, and it is nobody: don't read its word.
        if (account == address(0)) return 0;
        Participant storage participant = participants[account];
        kinds = participant.kinds;
        uint40 expiry = participant.expiry;
        bool isCurrent =
            participant.status == ParticipantStatus.Active && (expiry == 0 || block.timestamp < expiry);
        if (!isCurrent) kinds = 0;
    }

    /// @dev Goes with a wallet from the sets `before` to the sets `afterwards`, bits by number.
    function countFirm(bytes16 firmId, uint256 before, uint256 afterwards) private {
        uint256 changed = before ^ afterwards;
        for (uint8 verifierSet = 0; changed >> verifierSet != 0; ++verifierSet) {
            if ((changed >> verifierSet) & 1 == 0) continue;
            uint256 wallets = walletCounts[verifierSet][firmId];
            if ((afterwards >> verifierSet) & 1 == 1) {
                walletCounts[verifierSet][firmId] = wallets + 1;
                if (wallets == 0) ++firmCounts[verifierSet];
            } else {
                walletCounts[verifierSet][firmId] = wallets - 1;
                if (wallets == 1) --firmCounts[verifierSet];
            }
        }
    }

    /// @dev The sets in which a wallet counts, bits by number; bit 0 stands for all verifiers. An expiry is
    /// not counted: nobody calls when it comes.
    function countedSets(
        ParticipantStatus status,
        uint32 kinds,
        uint32 verifierSets
    ) private pure returns (uint256) {
        bool isCounted = status == ParticipantStatus.Active && kinds & ParticipantKinds.VERIFIER != 0;
        return isCounted ? (uint256(verifierSets) << 1) | 1 : 0;
    }
}
