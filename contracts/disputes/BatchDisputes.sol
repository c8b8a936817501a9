// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeTerms} from "../types/Dispute.sol";
import {DisputeBonds} from "./DisputeBonds.sol";
import {DoubleClaims} from "./DoubleClaims.sol";
import {LeafFaults} from "./LeafFaults.sol";
import {GramChallenges} from "./GramChallenges.sol";
import {QuorumDecisions} from "./QuorumDecisions.sol";

/// @title Challenges and disputes about committed batches. See IBatchDisputes.
contract BatchDisputes is DoubleClaims, LeafFaults, GramChallenges, QuorumDecisions {
    /// @param terms_ As `setTerms`.
    constructor(
        address manager,
        Links memory links,
        DisputeTerms memory terms_
    ) DisputeBonds(manager, links, terms_) {}
}
