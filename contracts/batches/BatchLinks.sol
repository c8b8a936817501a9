// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CreditIssuer} from "../credits/CreditIssuer.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IMethodologyRegistry} from "../interfaces/IMethodologyRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Succession} from "../libraries/Succession.sol";
import {BatchStatus, StoredBatch} from "../types/Batch.sol";
import {BatchId, NO_BATCH} from "../types/BatchId.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title What all parts of the batch registry share: the contracts around it, and who is who to a batch.
abstract contract BatchLinks is CreditIssuer, IBatchRegistry {
    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        IMethodologyRegistry methodologies;
        ICarbonCredit credit;
        /// The only caller of `recordRetirement` and `recordReplacement`.
        address retirements;
        /// The only caller of `strike`, `openDispute` and `closeDispute`.
        address disputes;
    }

    IParticipantRegistry public immutable participants;
    IMethodologyRegistry public immutable methodologies;
    ICarbonCredit public immutable credit;
    address public immutable disputes;

    constructor(Links memory links) CreditIssuer(links.retirements) {
        bool complete =
            address(links.participants) != address(0) &&
                address(links.methodologies) != address(0) &&
                address(links.credit) != address(0) &&
                links.retirements != address(0) &&
                links.disputes != address(0);
        require(complete, ZeroDependency());
        participants = links.participants;
        methodologies = links.methodologies;
        credit = links.credit;
        disputes = links.disputes;
    }

    modifier onlyDisputes() {
        require(msg.sender == disputes, CallerNotDisputes(msg.sender));
        _;
    }

    function knownBatch(BatchId batchId) internal view returns (StoredBatch storage batch) {
        batch = BatchStorage.layout().batches[batchId];
        require(batch.status != BatchStatus.None, BatchUnknown(batchId));
    }

    function requireMoving(BatchId batchId, StoredBatch storage batch) internal view {
        require(batch.suspension == 0, BatchSuspended(batchId, batch.suspension));
    }

    /// @dev `caller` is the batch's operator, or the wallet that took its place: a lost key must not strand
    /// what is unminted or owed.
    function requireOperator(address caller, address operator) internal view {
        bool isTheirs = Succession.standsFor(participants, caller, operator);
        require(isTheirs, CallerNotOperator(caller, operator));
    }

    /// @dev An operator's chain of batches goes on under the wallet that took a lost one's place.
    function latestOf(address operator) internal view returns (BatchId head) {
        head = BatchStorage.layout().headOf[operator];
        while (head == NO_BATCH) {
            operator = participants.predecessorOf(operator);
            if (operator == address(0)) return head;
            head = BatchStorage.layout().headOf[operator];
        }
    }

    /// @dev Issuing takes more than being the operator: the kind, too, today.
    function requireActiveOperator(address caller) internal view {
        require(participants.hasKind(caller, ParticipantKinds.OPERATOR), OperatorNotRegistered(caller));
    }
}
