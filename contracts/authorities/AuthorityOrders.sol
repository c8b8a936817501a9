// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAuthorityOrders} from "../interfaces/IAuthorityOrders.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {DevelopmentChain} from "../libraries/DevelopmentChain.sol";
import {Succession} from "../libraries/Succession.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title What an authority takes, two of its wallets order. See IAuthorityOrders.
contract AuthorityOrders is IAuthorityOrders, AccessManaged {
    uint32 private constant LEAST_LAPSE = 1 days;

    IParticipantRegistry public immutable participants;

    mapping(bytes32 actionHash => Announcement) private announcements;
    uint32 private orderSeconds;
    uint32 private lapseSeconds;

    /// @param manager The access manager.
    /// @param orderSeconds_ As `setTimes`.
    /// @param lapseSeconds_ As `setTimes`.
    constructor(
        address manager,
        IParticipantRegistry participants_,
        uint32 orderSeconds_,
        uint32 lapseSeconds_
    ) AccessManaged(manager) {
        require(manager != address(0) && address(participants_) != address(0), ZeroDependency());
        participants = participants_;
        applyTimes(orderSeconds_, lapseSeconds_);
    }

    /// @inheritdoc IAuthorityOrders
    function announce(
        address target,
        bytes calldata action,
        bytes32 orderHash
    ) external returns (bytes32 actionHash) {
        requireRegulator(msg.sender);
        require(target != address(0) && orderHash != 0, OrderIncomplete());
        actionHash = hashAction(target, keccak256(action), participants.firmOf(msg.sender));
        bool isFree = block.timestamp > announcements[actionHash].latest;
        require(isFree, OrderKnown(actionHash));

        uint48 earliest = uint48(block.timestamp) + orderSeconds;
        uint48 latest = earliest + lapseSeconds;
        announcements[actionHash] = Announcement(msg.sender, earliest, latest, orderHash);
        emit OrderAnnounced(target, actionHash, orderHash, msg.sender, action, earliest, latest);
    }

    /// @inheritdoc IAuthorityOrders
    function withdraw(bytes32 actionHash) external {
        Announcement memory announcement = knownAnnouncement(actionHash);
        requireRegulator(msg.sender);
        bool isOurs = participants.firmOf(msg.sender) == participants.firmOf(announcement.announcer);
        require(isOurs, CallerNotEntitled(msg.sender, ParticipantKinds.REGULATOR));
        delete announcements[actionHash];
        emit OrderWithdrawn(actionHash, announcement.orderHash, msg.sender);
    }

    /// @inheritdoc IAuthorityOrders
    function use(address caller, bytes32 dataHash) external returns (bytes32 orderHash) {
        requireRegulator(caller);
        bytes32 actionHash = hashAction(msg.sender, dataHash, participants.firmOf(caller));
        Announcement memory announcement = knownAnnouncement(actionHash);
        address announcer = announcement.announcer;
        require(!Succession.standsFor(participants, caller, announcer), SameWallet(caller));
        require(isRegulator(announcer), AnnouncerNotEntitled(announcer));
        require(block.timestamp >= announcement.earliest, OrderTooEarly(announcement.earliest));
        require(block.timestamp <= announcement.latest, OrderLapsed(announcement.latest));
        orderHash = announcement.orderHash;

        delete announcements[actionHash];
        emit OrderCarriedOut(msg.sender, actionHash, orderHash, announcer, caller);
    }

    /// @inheritdoc IAuthorityOrders
    function setTimes(uint32 orderSeconds_, uint32 lapseSeconds_) external restricted {
        applyTimes(orderSeconds_, lapseSeconds_);
    }

    /// @inheritdoc IAuthorityOrders
    function announcementOf(bytes32 actionHash) external view returns (Announcement memory) {
        return announcements[actionHash];
    }

    /// @inheritdoc IAuthorityOrders
    function times() external view returns (uint32, uint32) {
        return (orderSeconds, lapseSeconds);
    }

    /// @inheritdoc IAuthorityOrders
    function hashAction(address target, bytes32 dataHash, bytes32 firmId) public pure returns (bytes32) {
        return keccak256(abi.encode(target, dataHash, firmId));
    }

    function applyTimes(uint32 orderSeconds_, uint32 lapseSeconds_) private {
        bool isLong = lapseSeconds_ >= LEAST_LAPSE || DevelopmentChain.isHere();
        require(isLong, LapseTooShort(lapseSeconds_));
        (orderSeconds, lapseSeconds) = (orderSeconds_, lapseSeconds_);
        emit TimesSet(orderSeconds_, lapseSeconds_);
    }

    function requireRegulator(address account) private view {
        require(isRegulator(account), CallerNotEntitled(account, ParticipantKinds.REGULATOR));
    }

    function isRegulator(address account) private view returns (bool) {
        return participants.hasKind(account, ParticipantKinds.REGULATOR);
    }

    function knownAnnouncement(bytes32 actionHash) private view returns (Announcement memory announcement) {
        announcement = announcements[actionHash];
        require(announcement.announcer != address(0), OrderUnknown(actionHash));
    }
}
