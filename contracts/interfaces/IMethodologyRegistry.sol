// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";
import {MethodologyTerms} from "../types/Methodology.sol";

/// @title Methodology versions that batches may use, with the days for which each is valid, and the published
/// versions of the lists of rules that batches name.
/// @notice A methodology's id is keccak256 of its canonical JSON (batch format, "Leaf"), so its text never
/// changes; validity and status may. Every change is kept with its time: a batch stands under the terms as
/// they were when it was committed ("Challenges and disputes"). Lists of rules only grow: a version, once
/// published, stays with its hash (batch format 2, "Lists").
interface IMethodologyRegistry {
    /// @notice Id and region must not be zero.
    error MethodologyIncomplete();
    error MethodologyKnown(bytes32 methodologyId);
    error MethodologyUnknown(bytes32 methodologyId);
    /// @notice A withdrawal is never taken back.
    error WithdrawnForGood(bytes32 methodologyId);
    /// @notice The validity ends before it starts.
    error ValidityBackwards(Day firstDay, Day lastDay);
    /// @notice Kind and hash must not be zero.
    error RulesIncomplete();
    /// @notice Versions of a list count from 1 without gaps.
    error RulesVersionNotNext(bytes32 kind, bytes8 region, uint32 version, uint32 nextVersion);

    /// @notice The whole terms after any change. Status 1 published, 2 withdrawn. A publication binds at
    /// once, a change batches committed from the next second on.
    event MethodologySet(
        bytes32 indexed methodologyId,
        bytes8 indexed region,
        uint8 status,
        Day firstDay,
        Day lastDay
    );

    /// @notice A version of a list of rules stands, for good.
    event RulesPublished(bytes32 indexed kind, bytes8 indexed region, uint32 version, bytes32 hash);

    /// @notice Admits a methodology version. Restricted by the access manager.
    /// @param firstDay Days since 1970-01-01, as `lastDay`; both inclusive.
    /// @dev Reverts MethodologyIncomplete, MethodologyKnown, ValidityBackwards.
    function publish(bytes32 methodologyId, bytes8 region, Day firstDay, Day lastDay) external;

    /// @notice Changes the validity for later batches. Restricted by the access manager. Reverts
    /// MethodologyUnknown, ValidityBackwards.
    function setValidity(bytes32 methodologyId, Day firstDay, Day lastDay) external;

    /// @notice Withdraws a methodology from later batches, for good: a successor is another methodology.
    /// Restricted by the access manager.
    /// @param withdrawn True. Deployments before this one took false for a way back.
    /// @dev Reverts MethodologyUnknown, WithdrawnForGood.
    function setWithdrawn(bytes32 methodologyId, bool withdrawn) external;

    /// @notice Publishes the next version of a list of rules. Restricted by the access manager.
    /// @param kind keccak256 of "scenario-classes", "plausibility" or "recognition"; other kinds may follow
    /// without another contract.
    /// @param region Right-padded ASCII, as in a batch; 0 for a list that holds in all regions.
    /// @param version One above the last, from 1.
    /// @param hash keccak256 of the list's canonical JSON.
    /// @dev Reverts RulesIncomplete, RulesVersionNotNext.
    function publishRules(bytes32 kind, bytes8 region, uint32 version, bytes32 hash) external;

    /// @notice The hash of a version, 0 where it was not published. A region without a list of its own
    /// answers 0 too: ask for region 0 next.
    function rulesHashOf(bytes32 kind, bytes8 region, uint32 version) external view returns (bytes32 hash);

    /// @notice The newest version, 0 where none was published.
    function rulesVersionOf(bytes32 kind, bytes8 region) external view returns (uint32 version);

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
