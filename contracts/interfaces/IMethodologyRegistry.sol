// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";
import {MethodologyTerms} from "../types/Methodology.sol";

/// @title Methodology versions that batches may use, with the days for which each is valid.
/// @notice A methodology's id is keccak256 of its canonical JSON (batch format, "Leaf"), so its text never
/// changes; validity and status may. Every change is kept with its time: a batch stands under the terms as
/// they were when it was committed ("Challenges and disputes").
interface IMethodologyRegistry {
    /// @notice Id and region must not be zero.
    error MethodologyIncomplete();
    error MethodologyKnown(bytes32 methodologyId);
    error MethodologyUnknown(bytes32 methodologyId);
    /// @notice The validity ends before it starts.
    error ValidityBackwards(Day firstDay, Day lastDay);

    /// @notice The whole terms after any change. Status 1 published, 2 withdrawn. A publication binds at
    /// once, a change batches committed from the next second on.
    event MethodologySet(
        bytes32 indexed methodologyId,
        bytes8 indexed region,
        uint8 status,
        Day firstDay,
        Day lastDay
    );

    /// @notice Admits a methodology version. Restricted by the access manager.
    /// @param firstDay Days since 1970-01-01, as `lastDay`; both inclusive.
    /// @dev Reverts MethodologyIncomplete, MethodologyKnown, ValidityBackwards.
    function publish(bytes32 methodologyId, bytes8 region, Day firstDay, Day lastDay) external;

    /// @notice Changes the validity for later batches. Restricted by the access manager. Reverts
    /// MethodologyUnknown, ValidityBackwards.
    function setValidity(bytes32 methodologyId, Day firstDay, Day lastDay) external;

    /// @notice Withdraws a methodology from later batches, or admits it again. Restricted by the access
    /// manager. Reverts MethodologyUnknown.
    function setWithdrawn(bytes32 methodologyId, bool withdrawn) external;

    /// @notice The first of these that a batch of this region, committed now, can't use: unknown, withdrawn
    /// or of another region. 0 if all are usable.
    function firstUnusable(
        bytes32[] calldata methodologyIds,
        bytes8 region
    ) external view returns (bytes32 methodologyId);

    /// @notice The latest terms, which bind from `since` on. All zero where the methodology is unknown.
    function termsOf(bytes32 methodologyId) external view returns (MethodologyTerms memory);

    /// @notice The terms that a batch committed at `time` (unix seconds) stands under; all zero where it was
    /// unknown then.
    function termsAt(bytes32 methodologyId, uint40 time) external view returns (MethodologyTerms memory);
}
