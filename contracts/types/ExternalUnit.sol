// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "./Day.sol";
import {Milligrams} from "./Milligrams.sol";

/// @notice A block of another registry's units, one tonne CO2e each, as its serial numbers name it.
/// @dev Its id is made of the EIP-712 hash of this struct (keccak256 of the type hash and its words, the
/// prefix as its keccak256): see `UnitIds`.
struct UnitBlock {
    /// keccak256 of the registry's name, not 0.
    bytes32 registryId;
    /// What stands before the running number, in the registry's one canonical spelling, whatever its grammar.
    /// May be empty.
    bytes prefix;
    /// Running numbers [first, end).
    uint64 first;
    uint64 end;
    /// Days since 1970-01-01, both ends inclusive; other registries' vintages may span years.
    Day vintageStartDay;
    Day vintageEndDay;
    /// Right-padded ASCII, 0 where the registry states none.
    bytes8 region;
    /// ISO 3166-1 alpha-2, ASCII capitals: where the reduction took place.
    bytes2 hostCountry;
    /// Hash of the registry's document of this immobilisation, not 0. A block that comes a second time has
    /// another document, so another id.
    bytes32 documentHash;
}

/// @notice What the operator of a registry signs (EIP-712): these units are locked over there for this
/// recipient here.
struct Immobilisation {
    UnitBlock units;
    /// Gets the credits, whoever hands the statement in. An active participant.
    address recipient;
    /// Unix seconds up to and including which it may be handed in.
    uint64 deadline;
}

/// @notice A block as it lies in storage, three words.
/// @dev circulating = (units - released) · 10^9 - retiredMg has no field of its own, so that it can't
/// disagree.
struct StoredUnits {
    bytes32 registryId;
    bytes32 prefixHash;
    uint64 first;
    /// Whole units at immobilisation; below 2^63 mg, so below 2^34.
    uint40 units;
    /// Whole units given back since, from the tail.
    uint40 released;
    /// Whole milligrams, from the head.
    Milligrams retiredMg;
    /// Bits of `UnitSuspension`; suspended while any is set.
    uint8 suspension;
}

/// @notice Bits of `StoredUnits.suspension`. Who set one lifts it.
library UnitSuspension {
    /// By the operator of the units' registry.
    uint8 internal constant REGISTRY = 1;
    /// A regulator's order.
    uint8 internal constant ORDER = 2;
}
