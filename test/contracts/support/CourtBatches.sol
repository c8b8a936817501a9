// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Provenance} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {Claim, LeafProof} from "../../../contracts/types/Dispute.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {TreeBuilder} from "./TreeBuilder.sol";
import {vm} from "./Vm.sol";

/// @title Four small batches to dispute about, each of an operator of its own.
/// @dev Every leaf's key is one of `KEYS`, so that keys collide between batches and within one.
abstract contract CourtBatches is SystemBuilder {
    uint256 public constant BATCHES = 4;
    uint256 public constant LEAVES = 5;
    uint256 private constant KEYS = 6;
    uint256[] public batchIds;
    address[] public operators;
    bytes[][] private leafBytes;
    SumNode[][] private nodes;
    mapping(uint256 batchId => uint256 number) internal numberOf;

    function sizeAt(uint256 number, uint256 index) public view returns (uint64) {
        return nodes[number][index].size;
    }

    function isStruck(uint256 leaf) public view returns (bool) {
        return batches.isStruck(BatchId.wrap(batchIds[leaf / LEAVES]), LeafIndex.wrap(leaf % LEAVES));
    }

    function commit(uint256 number) internal {
        address operator = address(uint160(0x1000 + number));
        appoint(operator, ParticipantKinds.OPERATOR);
        operators.push(operator);
        leafBytes.push();
        nodes.push();
        for (uint256 i = 0; i < LEAVES; ++i) {
            uint64 size = uint64(10 + 7 * number + i);
            bytes memory leaf = TreeBuilder.leaf(
                keyAt(number * LEAVES + i),
                bytes32(0),
                size,
                number * LEAVES + i
            );
            leafBytes[number].push(leaf);
            nodes[number].push(TreeBuilder.nodeOf(leaf, size));
        }
        SumNode memory root = TreeBuilder.root(nodes[number]);
        BatchStatement memory statement;
        statement.batchId = BatchId.wrap(100 + number);
        statement.operator = operator;
        (statement.root, statement.totalMilligrams) = (root.hash, Milligrams.wrap(root.size));
        statement.leafCount = uint32(LEAVES);
        statement.vintageStartDay = Day.wrap(20_000);
        statement.vintageEndDay = Day.wrap(20_030);
        statement.region = REGION;
        statement.methodologiesHash = keccak256(abi.encodePacked(METHODOLOGY));
        statement.keySchemeHash = KEY_SCHEME;
        addTerms(statement);
        bytes[] memory signatures = attest(batches.hashStatement(statement));
        vm.prank(operator);
        batches.commit(statement, provenance().methodologyIds, signatures);
        batchIds.push(BatchId.unwrap(statement.batchId));
        numberOf[BatchId.unwrap(statement.batchId)] = number;
    }

    /// @dev Colliding on purpose, in another order in each batch.
    function keyAt(uint256 leaf) internal pure returns (bytes32) {
        return keccak256(abi.encode("key", (leaf * 7 + leaf / LEAVES) % KEYS));
    }

    function proofAt(uint256 number, uint256 index) internal view returns (LeafProof memory) {
        return
            LeafProof(
                BatchId.wrap(batchIds[number]),
                LeafIndex.wrap(index),
                leafBytes[number][index],
                TreeBuilder.siblings(nodes[number], index)
            );
    }

    function isStruck(Claim memory claim) internal view returns (bool) {
        return batches.isStruck(claim.batchId, LeafIndex.wrap(claim.index));
    }

    function provenance() internal pure returns (Provenance memory whole) {
        whole.attesters = new address[](2);
        (address first, address second) = (vm.addr(FIRST_VERIFIER_KEY), vm.addr(SECOND_VERIFIER_KEY));
        (whole.attesters[0], whole.attesters[1]) = first < second ? (first, second) : (second, first);
        whole.methodologyIds = new bytes32[](1);
        whole.methodologyIds[0] = METHODOLOGY;
        whole.termsHash = TERMS;
    }

    /// @dev Both attesters, or the first of them and a verifier who attested nothing.
    function signed(bytes32 digest, bool independent) internal pure returns (bytes[] memory signatures) {
        if (!independent) return attest(digest);
        bool inOrder = vm.addr(FIRST_VERIFIER_KEY) < vm.addr(THIRD_VERIFIER_KEY);
        signatures = new bytes[](2);
        signatures[0] = signature(inOrder ? FIRST_VERIFIER_KEY : THIRD_VERIFIER_KEY, digest);
        signatures[1] = signature(inOrder ? THIRD_VERIFIER_KEY : FIRST_VERIFIER_KEY, digest);
    }
}
