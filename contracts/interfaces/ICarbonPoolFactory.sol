// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PoolTerms} from "../types/Pool.sol";
import {ICarbonPool} from "./ICarbonPool.sol";

/// @title Creates pools and admits them as participants.
/// @notice Operators and exchanges create pools without asking: a pool's terms bind nobody but who deposits.
/// That this factory is a participant of kind pool factory is the access manager's word, and a regulator ends
/// it by suspending the factory.
interface ICarbonPoolFactory {
    /// @notice The caller is no active participant of one of these kinds (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsAllowed);
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    event PoolCreated(
        ICarbonPool indexed pool,
        address indexed creator,
        string name,
        string symbol,
        PoolTerms terms
    );

    /// @notice Creates a pool with these terms. Operators and exchanges only.
    /// @dev Reverts CallerNotEntitled, ListNotAscending, YearsOutOfRange, CapOutOfRange, FeeOutOfRange,
    /// FeeCollectorMissing, and as `IParticipantRegistry.admitPool`.
    function createPool(
        string calldata name,
        string calldata symbol,
        PoolTerms calldata terms
    ) external returns (ICarbonPool pool);
}
