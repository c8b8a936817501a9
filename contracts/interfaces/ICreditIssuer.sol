// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {RetirementAmount, RetirementLine} from "../types/Retirement.sol";

/// @title What brings credits of its own ids into circulation and keeps the cursor of their serials.
/// @notice Ids of all issuers are keccak-256 hashes of what they stand for, so no two issuers share one.
interface ICreditIssuer {
    /// @notice Only the retirement registry may call.
    error CallerNotRetirements(address caller);

    /// @notice Moves the cursors of retired milligrams on. Retirement registry only.
    /// @return lines The serial ranges, one an amount in the same order.
    /// @dev Reverts CallerNotRetirements, and as the issuer says where an id is unknown, suspended, expired
    /// or has less in circulation.
    function recordRetirement(
        RetirementAmount[] calldata amounts
    ) external returns (RetirementLine[] memory lines);

    /// @notice Base units of an id in circulation by the issuer's books: what was minted and neither retired
    /// nor taken back. 0 where unknown.
    function circulatingOf(uint256 id) external view returns (uint256 amount);
}
