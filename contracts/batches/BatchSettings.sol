// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title What the access manager sets: quorums, waiting times, key schemes, pause. Each binds batches
/// committed later, the pause all.
abstract contract BatchSettings is IBatchRegistry, AccessManaged {
    /// Verifier sets are bits of a uint32, numbered from 1.
    uint8 private constant MAX_VERIFIER_SET = 32;

    /// @param threshold As `setQuorum` for region 0 and any verifier.
    /// @param window As `setChallengeWindow`.
    constructor(address manager, uint8 threshold, uint32 window) AccessManaged(manager) {
        applyQuorum(0, threshold, 0);
        applyChallengeWindow(window);
    }

    /// @inheritdoc IBatchRegistry
    function setQuorum(bytes8 region, uint8 threshold, uint8 verifierSet) external restricted {
        applyQuorum(region, threshold, verifierSet);
    }

    /// @inheritdoc IBatchRegistry
    function setChallengeWindow(uint32 window) external restricted {
        applyChallengeWindow(window);
    }

    /// @inheritdoc IBatchRegistry
    function setLeastClaimPeriod(uint32 leastDays) external restricted {
        requireClaimDaysInRange(leastDays);
        BatchStorage.layout().settings.leastClaimDays = leastDays;
        emit LeastClaimPeriodSet(leastDays);
    }

    /// @inheritdoc IBatchRegistry
    function setKeyScheme(bytes32 keySchemeHash, bool allowed) external restricted {
        BatchStorage.layout().keySchemes[keySchemeHash] = allowed;
        emit KeySchemeSet(keySchemeHash, allowed);
    }

    /// @inheritdoc IBatchRegistry
    function setPaused(bool paused) external restricted {
        BatchStorage.layout().settings.paused = paused;
        emit PausedSet(paused);
    }

    /// @inheritdoc IBatchRegistry
    function challengeWindow() external view returns (uint32) {
        return BatchStorage.layout().settings.challengeWindow;
    }

    /// @inheritdoc IBatchRegistry
    function leastClaimPeriod() external view returns (uint32) {
        return BatchStorage.layout().settings.leastClaimDays;
    }

    /// @inheritdoc IBatchRegistry
    function keySchemeAllowed(bytes32 keySchemeHash) external view returns (bool) {
        return BatchStorage.layout().keySchemes[keySchemeHash];
    }

    /// @inheritdoc IBatchRegistry
    function isPaused() external view returns (bool) {
        return BatchStorage.layout().settings.paused;
    }

    /// @inheritdoc IBatchRegistry
    function quorumOf(bytes8 region) public view returns (uint8 threshold, uint8 verifierSet) {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        BatchStorage.QuorumTerms memory terms = $.quorums[region];
        return
            terms.threshold > 0
                ? (terms.threshold, terms.verifierSet)
                : ($.settings.threshold, $.settings.verifierSet);
    }

    function requireNotPaused() internal view {
        require(!BatchStorage.layout().settings.paused, IssuancePaused());
    }

    /// @dev Claim periods lie in 16 bits of a batch: 179 years.
    function requireClaimDaysInRange(uint32 claimDays) internal pure {
        require(claimDays <= type(uint16).max, ClaimPeriodTooLong(claimDays, type(uint16).max));
    }

    function applyQuorum(bytes8 region, uint8 threshold, uint8 verifierSet) private {
        require(threshold > 0 || region != 0, ThresholdZero());
        require(verifierSet <= MAX_VERIFIER_SET, VerifierSetOutOfRange(verifierSet));
        BatchStorage.Layout storage $ = BatchStorage.layout();
        if (region == 0) ($.settings.threshold, $.settings.verifierSet) = (threshold, verifierSet);
        else $.quorums[region] = BatchStorage.QuorumTerms(threshold, verifierSet);
        emit QuorumSet(region, threshold, verifierSet);
    }

    /// @dev Windows lie in 24 bits of a batch: 194 days.
    function applyChallengeWindow(uint32 window) private {
        require(window <= type(uint24).max, ChallengeWindowTooLong(window, type(uint24).max));
        BatchStorage.layout().settings.challengeWindow = window;
        emit ChallengeWindowSet(window);
    }
}
