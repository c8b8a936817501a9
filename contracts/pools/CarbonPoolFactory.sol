// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICarbonPool} from "../interfaces/ICarbonPool.sol";
import {ICarbonPoolFactory} from "../interfaces/ICarbonPoolFactory.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {PoolTerms} from "../types/Pool.sol";
import {CarbonPool} from "./CarbonPool.sol";

/// @title Creates pools. See ICarbonPoolFactory.
contract CarbonPoolFactory is ICarbonPoolFactory {
    uint32 private constant CREATORS = ParticipantKinds.OPERATOR | ParticipantKinds.EXCHANGE;

    address public immutable manager;
    CarbonPool.Links private links;

    /// @param manager_ The access manager of the pools.
    constructor(address manager_, CarbonPool.Links memory links_) {
        bool complete =
            manager_ != address(0) &&
                address(links_.participants) != address(0) &&
                address(links_.batches) != address(0) &&
                address(links_.credit) != address(0) &&
                address(links_.retirements) != address(0);
        require(complete, ZeroDependency());
        manager = manager_;
        links = links_;
    }

    /// @inheritdoc ICarbonPoolFactory
    function createPool(
        string calldata name,
        string calldata symbol,
        PoolTerms calldata terms
    ) external returns (ICarbonPool pool) {
        (uint32 kinds, ) = links.participants.standingOf(msg.sender);
        require(kinds & CREATORS != 0, CallerNotEntitled(msg.sender, CREATORS));
        pool = new CarbonPool(manager, links, name, symbol, terms);
        emit PoolCreated(pool, msg.sender, name, symbol, terms);
        links.participants.admitPool(address(pool));
    }
}
