// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IMethodologyRegistry} from "../interfaces/IMethodologyRegistry.sol";
import {Day} from "../types/Day.sol";
import {MethodologyStatus, MethodologyTerms} from "../types/Methodology.sol";

/// @title Methodology versions that batches may use, and lists of rules. See IMethodologyRegistry.
contract MethodologyRegistry is IMethodologyRegistry, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    mapping(bytes32 methodologyId => MethodologyTerms) private terms;
    /// Packed terms by the second from which on they bind.
    mapping(bytes32 methodologyId => Checkpoints.Trace208) private history;
    /// Of version 1 first.
    mapping(bytes32 kind => mapping(bytes8 region => bytes32[] hashes)) private rules;

    constructor(address manager) AccessManaged(manager) {}

    /// @inheritdoc IMethodologyRegistry
    function publish(bytes32 methodologyId, bytes8 region, Day firstDay, Day lastDay) external restricted {
        require(methodologyId != 0 && region != 0, MethodologyIncomplete());
        require(terms[methodologyId].status == MethodologyStatus.None, MethodologyKnown(methodologyId));
        // At once: no batch with it can have been committed before.
        setTerms(
            methodologyId,
            MethodologyTerms(MethodologyStatus.Published, region, firstDay, lastDay, uint40(block.timestamp))
        );
    }

    /// @inheritdoc IMethodologyRegistry
    function setValidity(bytes32 methodologyId, Day firstDay, Day lastDay) external restricted {
        MethodologyTerms memory changed = knownTerms(methodologyId);
        (changed.firstDay, changed.lastDay) = (firstDay, lastDay);
        setTerms(methodologyId, later(changed));
    }

    /// @inheritdoc IMethodologyRegistry
    function setWithdrawn(bytes32 methodologyId, bool withdrawn) external restricted {
        MethodologyTerms memory changed = knownTerms(methodologyId);
        // There is no way back: what stood on its withdrawal would stand on nothing.
        require(withdrawn, WithdrawnForGood(methodologyId));
        changed.status = MethodologyStatus.Withdrawn;
        setTerms(methodologyId, later(changed));
    }

    /// @inheritdoc IMethodologyRegistry
    function publishRules(bytes32 kind, bytes8 region, uint32 version, bytes32 hash) external restricted {
        require(kind != 0 && hash != 0, RulesIncomplete());
        bytes32[] storage hashes = rules[kind][region];
        uint32 next = uint32(hashes.length + 1);
        require(version == next, RulesVersionNotNext(kind, region, version, next));
        hashes.push(hash);
        emit RulesPublished(kind, region, version, hash);
    }

    /// @inheritdoc IMethodologyRegistry
    function firstUnusable(
        bytes32[] calldata methodologyIds,
        bytes8 region
    ) external view returns (bytes32 methodologyId) {
        for (uint256 i = 0; i < methodologyIds.length; ++i) {
            MethodologyTerms memory binding = terms[methodologyIds[i]];
            // Changed in this very second: a batch committed now will be judged by the terms before.
            if (binding.since > block.timestamp)
                binding = termsAt(methodologyIds[i], uint40(block.timestamp));
            if (binding.status != MethodologyStatus.Published || binding.region != region)
                return methodologyIds[i];
        }
    }

    /// @inheritdoc IMethodologyRegistry
    function termsOf(bytes32 methodologyId) external view returns (MethodologyTerms memory) {
        return terms[methodologyId];
    }

    /// @inheritdoc IMethodologyRegistry
    function rulesHashOf(bytes32 kind, bytes8 region, uint32 version) external view returns (bytes32 hash) {
        bytes32[] storage hashes = rules[kind][region];
        if (version > 0 && version <= hashes.length) hash = hashes[version - 1];
    }

    /// @inheritdoc IMethodologyRegistry
    function rulesVersionOf(bytes32 kind, bytes8 region) external view returns (uint32 version) {
        return uint32(rules[kind][region].length);
    }

    /// @inheritdoc IMethodologyRegistry
    function termsAt(bytes32 methodologyId, uint40 time) public view returns (MethodologyTerms memory) {
        return unpack(history[methodologyId].upperLookupRecent(time));
    }

    function setTerms(bytes32 methodologyId, MethodologyTerms memory changed) private {
        require(changed.firstDay <= changed.lastDay, ValidityBackwards(changed.firstDay, changed.lastDay));
        terms[methodologyId] = changed;
        history[methodologyId].push(changed.since, pack(changed));
        emit MethodologySet(
            methodologyId,
            changed.region,
            uint8(changed.status),
            changed.firstDay,
            changed.lastDay
        );
    }

    /// @dev From the next second on: within one, a batch that was committed after the change can't be told
    /// from one committed before it.
    function later(MethodologyTerms memory changed) private view returns (MethodologyTerms memory) {
        changed.since = uint40(block.timestamp + 1);
        return changed;
    }

    function knownTerms(bytes32 methodologyId) private view returns (MethodologyTerms memory current) {
        current = terms[methodologyId];
        require(current.status != MethodologyStatus.None, MethodologyUnknown(methodologyId));
    }

    function pack(MethodologyTerms memory value) private pure returns (uint208) {
        uint256 days_ = (uint256(Day.unwrap(value.firstDay)) << 32) | Day.unwrap(value.lastDay);
        uint256 origin = (uint256(uint8(value.status)) << 64) | uint64(value.region);
        return uint208((uint256(value.since) << 136) | (origin << 64) | days_);
    }

    function unpack(uint208 packed) private pure returns (MethodologyTerms memory) {
        return
            MethodologyTerms(
                MethodologyStatus(uint8(packed >> 128)),
                bytes8(uint64(packed >> 64)),
                Day.wrap(uint32(packed >> 32)),
                Day.wrap(uint32(packed)),
                uint40(packed >> 136)
            );
    }
}
