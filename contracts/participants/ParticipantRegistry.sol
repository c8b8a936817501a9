// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Admission, Participant, ParticipantKinds, ParticipantStatus} from "../types/Participant.sol";
import {WalletRecoveries} from "./WalletRecoveries.sol";

/// @title Who may hold and act. See IParticipantRegistry.
contract ParticipantRegistry is WalletRecoveries {
    mapping(address agent => address successor) private successors;

    /// @param guardianThreshold As `setRecoveryTerms`.
    /// @param objectionPeriod As `setRecoveryTerms`.
    constructor(
        address manager,
        uint8 guardianThreshold,
        uint32 objectionPeriod
    ) WalletRecoveries(manager, guardianThreshold, objectionPeriod) {}

    /// @inheritdoc IParticipantRegistry
    function register(Admission calldata admission) external {
        requireKind(ParticipantKinds.REGISTRAR);
        admitOrdinary(admission);
    }

    /// @inheritdoc IParticipantRegistry
    function registerAll(Admission[] calldata admissions) external {
        requireKind(ParticipantKinds.REGISTRAR);
        for (uint256 i = 0; i < admissions.length; ++i) admitOrdinary(admissions[i]);
    }

    /// @inheritdoc IParticipantRegistry
    function update(Admission calldata admission) external {
        requireKind(ParticipantKinds.REGISTRAR);
        Participant storage current = recordOf(admission.account);
        ParticipantStatus status = current.status;
        require(status != ParticipantStatus.None, ParticipantUnknown(admission.account));
        bool decides = isOrdinary(current.kinds) && status != ParticipantStatus.Recovered;
        require(decides, ParticipantPrivileged(admission.account, current.kinds));
        check(admission, ParticipantKinds.ORDINARY);
        requireSameFirm(current, admission);
        setAdmitted(admission, status, 0);
    }

    /// @inheritdoc IParticipantRegistry
    function appoint(Admission calldata admission, uint32 verifierSets) external restricted {
        require(admission.account != address(0), ZeroParticipant());
        Participant storage current = recordOf(admission.account);
        ParticipantStatus status = current.status;
        require(
            status != ParticipantStatus.Recovered,
            ParticipantPrivileged(admission.account, current.kinds)
        );
        check(admission, ParticipantKinds.ALL);
        bool isVerifier = admission.kinds & ParticipantKinds.VERIFIER != 0;
        require(isVerifier || verifierSets == 0, VerifierSetsWithoutKind(verifierSets));
        requireSameFirm(current, admission);
        setAdmitted(
            admission,
            status == ParticipantStatus.None ? ParticipantStatus.Active : status,
            verifierSets
        );
    }

    /// @inheritdoc IParticipantRegistry
    function admitPool(address pool) external {
        requireKind(ParticipantKinds.POOL_FACTORY);
        require(pool != address(0), ZeroParticipant());
        Participant storage earlier = recordOf(pool);
        if (earlier.status != ParticipantStatus.None) {
            // Its address was known before it was there. What registrars and guardians can write there is no
            // bar to the contract that stands there now; what was appointed is.
            require(earlier.kinds & ~ParticipantKinds.RECOVERABLE == 0, ParticipantKnown(pool));
            forgetRecoveries(pool);
        }
        Participant storage factory = recordOf(msg.sender);
        setParticipant(
            pool,
            ParticipantStatus.Active,
            ParticipantKinds.POOL,
            0,
            factory.country,
            0,
            factory.firmId
        );
    }

    /// @inheritdoc IParticipantRegistry
    function setStatus(address account, uint8 status) external {
        bool byRegulator = kindsWhileActive(msg.sender) & ParticipantKinds.REGULATOR != 0;
        if (!byRegulator) requireKind(ParticipantKinds.REGISTRAR);
        Participant memory participant = recordOf(account);
        ParticipantStatus before = participant.status;
        require(before != ParticipantStatus.None, ParticipantUnknown(account));
        bool decides = byRegulator || (isOrdinary(participant.kinds) && before != ParticipantStatus.Barred);
        require(
            decides && before != ParticipantStatus.Recovered,
            ParticipantPrivileged(account, participant.kinds)
        );
        bool allowed =
            status == uint8(ParticipantStatus.Active) ||
                status == uint8(ParticipantStatus.Suspended) ||
                (byRegulator && status == uint8(ParticipantStatus.Barred));
        require(allowed, StatusOutOfRange(status));

        participant.status = ParticipantStatus(status);
        if (participant.status == ParticipantStatus.Active) participant.status = activeStatusOf(account);
        setParticipant(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function setSuccessor(address agent, address successor) external restricted {
        uint32 kinds = recordOf(agent).kinds;
        require(kinds & ParticipantKinds.AGENTS != 0, AgentUnknown(agent));
        address known = successors[agent];
        require(known == address(0), SuccessorKnown(agent, known));
        // One that was itself succeeded could lead back here.
        bool takesPlace =
            successor != agent && recordOf(successor).kinds == kinds && successors[successor] == address(0);
        require(takesPlace, SuccessorUnfit(agent, successor));
        successors[agent] = successor;
        emit SuccessorSet(agent, successor);
    }

    /// @inheritdoc IParticipantRegistry
    function successorOf(address agent) external view returns (address successor) {
        address next = successors[agent];
        while (next != address(0)) (successor, next) = (next, successors[next]);
    }

    function admitOrdinary(Admission calldata admission) private {
        requireNew(admission.account);
        check(admission, ParticipantKinds.ORDINARY);
        write(
            admission.account,
            ParticipantStatus.Active,
            admission.kinds,
            0,
            admission.country,
            admission.expiry,
            admission.firmId
        );
    }

    function setAdmitted(
        Admission calldata admission,
        ParticipantStatus status,
        uint32 verifierSets
    ) private {
        setParticipant(
            admission.account,
            status,
            admission.kinds,
            verifierSets,
            admission.country,
            admission.expiry,
            admission.firmId
        );
    }

    function check(Admission calldata admission, uint32 allowed) private view {
        // Each field is read once: require evaluates its error's arguments in any case.
        uint32 kinds = admission.kinds;
        require(kinds != 0 && kinds & ~allowed == 0, KindsOutOfRange(kinds));
        bool hasFirm = admission.firmId != 0;
        require(hasFirm || kinds & ParticipantKinds.FIRMS == 0, FirmMissing(admission.account));
        bytes2 country = admission.country;
        require(CountryCode.isWellFormed(country), CountryMalformed(country));
        uint40 expiry = admission.expiry;
        require(expiry == 0 || expiry > block.timestamp, ExpiryPassed(expiry));
    }

    /// @dev Else a wallet could be another firm's for one signature.
    function requireSameFirm(Participant storage current, Admission calldata admission) private view {
        bytes16 firmId = current.firmId;
        require(firmId == 0 || firmId == admission.firmId, FirmFixed(admission.account, firmId));
    }

    function isOrdinary(uint32 kinds) private pure returns (bool) {
        return kinds & ~ParticipantKinds.ORDINARY == 0;
    }
}
