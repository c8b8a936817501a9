// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisputeTerms} from "../types/Dispute.sol";
import {DisputeDesk} from "./DisputeDesk.sol";
import {DoubleClaims} from "./DoubleClaims.sol";
import {LeafFaults} from "./LeafFaults.sol";
import {OpenGrams} from "./OpenGrams.sol";
import {QuorumDecisions} from "./QuorumDecisions.sol";

/// @title Challenges and disputes about committed batches. See IBatchDisputes.
contract BatchDisputes is DoubleClaims, LeafFaults, OpenGrams, QuorumDecisions {
    /// @param terms_ As `setTerms`.
    constructor(address manager, Links memory links, DisputeTerms memory terms_) DisputeDesk(manager, links, terms_) {}
}
