// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchStorage} from "../../../contracts/batches/BatchStorage.sol";
import {LeafCodec} from "../../../contracts/libraries/LeafCodec.sol";
import {SumTree} from "../../../contracts/libraries/SumTree.sol";
import {BatchStatus, StoredBatch, WriteOff} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {Day, StoredDay} from "../../../contracts/types/Day.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {Retirement, RetirementLine} from "../../../contracts/types/Retirement.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";
import {RetirementStorage} from "../../../contracts/retirements/RetirementStorage.sol";
import {SumTreeCaller} from "../support/SumTreeCaller.sol";
import {SystemBuilder} from "../support/SystemBuilder.sol";
import {vm} from "../support/Vm.sol";

/// @title The published golden vectors, which TypeScript, verifier and contracts must all reproduce.
contract VectorsTest is SystemBuilder {
    SumTreeCaller private immutable tree = new SumTreeCaller();
    mapping(string code => bytes4 selector) private selectors;
    string private json;
    StoredBatch private packed;

    function setUp() external {
        json = vm.readFile("test/vectors/solidity.json");
        selectors["proof.truncated"] = SumTree.ProofLengthWrong.selector;
        selectors["proof.extended"] = SumTree.ProofLengthWrong.selector;
        selectors["proof.index"] = SumTree.LeafIndexOutOfRange.selector;
        selectors["proof.count"] = SumTree.LeafIndexOutOfRange.selector;
        selectors["proof.total"] = SumTree.TotalMismatch.selector;
        selectors["proof.root"] = SumTree.RootMismatch.selector;
        selectors["proof.zero-size"] = SumTree.NodeSizeOutOfRange.selector;
        selectors["proof.overflow"] = SumTree.NodeSizeOutOfRange.selector;
        selectors["leaf.zero-size"] = SumTree.NodeSizeOutOfRange.selector;
        selectors["leaf.too-large"] = SumTree.NodeSizeOutOfRange.selector;
        selectors["leaf.length"] = LeafCodec.LeafLengthWrong.selector;
        selectors["leaf.version"] = LeafCodec.LeafVersionUnknown.selector;
    }

    function test_honestProofsGiveTheirRange() external view {
        uint256 count = vm.parseJsonUint(json, ".honestCount");
        assert(count > 0);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = entry(".honest", i);
            (uint64 start, uint64 end) = tree.rangeOf(
                commitmentAt(at),
                leafAt(at),
                number(at, ".index"),
                siblingsAt(at)
            );
            assert(start == number(at, ".start"));
            assert(end == number(at, ".end"));
        }
    }

    function test_tamperedProofsAreRefusedForTheRightReason() external {
        uint256 count = vm.parseJsonUint(json, ".tamperedCount");
        assert(count > 0);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = entry(".tampered", i);
            SumTreeCaller.Tree memory commitment = commitmentAt(at);
            bytes memory leaf = leafAt(at);
            uint256 index = number(at, ".index");
            SumNode[] memory siblings = siblingsAt(at);
            vm.expectPartialRevert(selectorAt(at));
            tree.rangeOf(commitment, leaf, index, siblings);
        }
    }

    function test_absenceIsShownOrRefused() external {
        uint256 count = vm.parseJsonUint(json, ".absenceCount");
        assert(count > 0);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = entry(".absence", i);
            SumTreeCaller.Tree memory commitment = commitmentAt(at);
            bytes32 key = vm.parseJsonBytes32(json, string.concat(at, ".key"));
            bytes memory leaf = leafAt(at);
            uint256 index = number(at, ".index");
            SumNode[] memory siblings = siblingsAt(at);
            bool isAbsent = vm.parseJsonBool(json, string.concat(at, ".absent"));
            if (isProofError(at)) {
                vm.expectPartialRevert(selectorAt(at));
                tree.isAbsent(commitment, key, leaf, index, siblings);
            } else {
                assert(tree.isAbsent(commitment, key, leaf, index, siblings) == isAbsent);
            }
        }
    }

    function test_statementHasItsDigest() external {
        build(address(0xD15), address(0xE47));
        // The digest depends on the registry's address, so the code is put where the vector's registry
        // stands.
        address registry = vm.parseJsonAddress(json, ".statement.registry");
        assert(block.chainid == number(".statement", ".chainId"));
        vm.etch(registry, address(batches).code);
        bytes32 digest = IDigest(registry).hashStatement(statementAt(".statement"));
        assert(digest == vm.parseJsonBytes32(json, ".statement.digest"));
    }

    function test_retirementsHaveTheirIdsAndRecordHashes() external {
        build(address(0xD15), address(0xE47));
        uint256 count = vm.parseJsonUint(json, ".retirementCount");
        assert(count > 0);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = entry(".retirements", i);
            Retirement memory retirement = retirementAt(at);
            assert(keccak256(abi.encode(retirement)) == word(at, ".recordHash"));
            assert(
                retirements.retirementIdOf(retirement.holder, word(at, ".nonce")) == retirement.retirementId
            );
        }
    }

    function test_strikesChainIntoTheirHash() external {
        address disputes = address(0xD15);
        address operator = address(0x0FE);
        build(disputes, address(0xE47));
        appoint(operator, ParticipantKinds.OPERATOR);
        uint256 count = vm.parseJsonUint(json, ".strikesCount");
        assert(count > 0);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = entry(".strikes", i);
            BatchStatement memory statement = statementOf(operator, i + 1, type(uint64).max >> 1);
            statement.leafCount = type(uint32).max;
            bytes[] memory signatures = attest(batches.hashStatement(statement));
            vm.prank(operator);
            batches.commit(statement, methodologyIds(), signatures);

            uint256[] memory indexes = vm.parseJsonUintArray(json, string.concat(at, ".indexes"));
            uint256[] memory starts = vm.parseJsonUintArray(json, string.concat(at, ".starts"));
            uint256[] memory ends = vm.parseJsonUintArray(json, string.concat(at, ".ends"));
            for (uint256 k = 0; k < indexes.length; ++k) {
                vm.prank(disputes);
                batches.strike(
                    BatchId.wrap(i + 1),
                    LeafIndex.wrap(indexes[k]),
                    uint64(starts[k]),
                    uint64(ends[k])
                );
            }
            assert(batches.batchOf(BatchId.wrap(i + 1)).strikesHash == word(at, ".strikesHash"));
        }
    }

    function test_storageStandsWhereReadersLook() external view {
        assert(BatchStorage.LOCATION == vm.parseJsonBytes32(json, ".storage.batchNamespaceSlot"));
        assert(RetirementStorage.LOCATION == vm.parseJsonBytes32(json, ".storage.retirementNamespaceSlot"));
        StoredBatch storage batch = BatchStorage.layout().batches[
            BatchId.wrap(uint256(vm.parseJsonBytes32(json, ".storage.batchId")))
        ];
        bytes32 first;
        assembly ("memory-safe") {
            first := batch.slot
        }
        bytes32[] memory slots = vm.parseJsonBytes32Array(json, ".storage.batchSlots");
        assert(slots.length == 7);
        for (uint256 i = 0; i < slots.length; ++i) assert(uint256(slots[i]) == uint256(first) + i);
        bytes32 root = vm.parseJsonBytes32(json, ".storage.root");
        assert(
            keccak256(abi.encode(root, uint256(BatchStorage.LOCATION) + 1)) ==
                vm.parseJsonBytes32(json, ".storage.rootSlot")
        );
        bytes32 id = vm.parseJsonBytes32(json, ".storage.retirementId");
        bytes32 expected = vm.parseJsonBytes32(json, ".storage.retirementSlot");
        assert(keccak256(abi.encode(id, RetirementStorage.LOCATION)) == expected);
    }

    function test_aBatchIsPackedAsReadersUnpackIt() external {
        string memory at = ".storedBatch";
        packed.totalMg = mass(at, ".total");
        packed.mintedMg = mass(at, ".minted");
        packed.struckMg = mass(at, ".struck");
        packed.retiredMg = mass(at, ".retired");
        packed.operator = vm.parseJsonAddress(json, ".storedBatch.operator");
        packed.committedAt = uint40(number(at, ".committedAt"));
        packed.leafCount = uint32(number(at, ".leafCount"));
        packed.status = BatchStatus(number(at, ".status"));
        packed.suspension = uint8(number(at, ".suspension"));
        packed.category = uint8(number(at, ".category"));
        packed.provenanceHash = word(at, ".provenanceHash");
        packed.vintageStartDay = storedDay(at, ".vintageStartDay");
        packed.vintageEndDay = storedDay(at, ".vintageEndDay");
        packed.useByDay = storedDay(at, ".useByDay");
        packed.claimPeriodDays = uint16(number(at, ".claimPeriodDays"));
        packed.hostCountry = bytes2(vm.parseJsonBytes(json, ".storedBatch.hostCountry"));
        packed.region = bytes8(vm.parseJsonBytes(json, ".storedBatch.region"));
        packed.bufferMg = mass(at, ".buffer");
        packed.challengeWindow = uint24(number(at, ".challengeWindow"));
        packed.shortfallMg = mass(at, ".shortfall");
        packed.replacedMg = mass(at, ".replaced");
        packed.contestedMg = mass(at, ".contested");
        packed.openClaims = uint16(number(at, ".openClaims"));
        packed.openGrams = uint16(number(at, ".openGrams"));
        packed.impositions = uint16(number(at, ".impositions"));
        packed.adjustment = uint8(number(at, ".adjustment"));
        packed.strikesHash = word(at, ".strikesHash");
        uint256[] memory parts = vm.parseJsonUintArray(json, ".storedBatch.writeOff");
        packed.writeOff = WriteOff(
            Milligrams.wrap(uint64(parts[0])),
            Milligrams.wrap(uint64(parts[1])),
            Milligrams.wrap(uint64(parts[2])),
            Milligrams.wrap(uint64(parts[3]))
        );
        bytes32[] memory words = vm.parseJsonBytes32Array(json, ".storedBatch.words");
        assert(words.length == 7);
        for (uint256 i = 0; i < words.length; ++i) {
            bytes32 stored;
            assembly ("memory-safe") {
                stored := sload(add(packed.slot, i))
            }
            assert(stored == words[i]);
        }
    }

    function mass(string memory at, string memory field) private view returns (Milligrams) {
        return Milligrams.wrap(uint64(number(at, field)));
    }

    function storedDay(string memory at, string memory field) private view returns (StoredDay) {
        return StoredDay.wrap(uint24(number(at, field)));
    }

    function entry(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]");
    }

    function number(string memory at, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, field));
    }

    function word(string memory at, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(at, field));
    }

    function leafAt(string memory at) private view returns (bytes memory) {
        return vm.parseJsonBytes(json, string.concat(at, ".leaf"));
    }

    function commitmentAt(string memory at) private view returns (SumTreeCaller.Tree memory) {
        return
            SumTreeCaller.Tree(word(at, ".root"), uint64(number(at, ".total")), uint32(number(at, ".count")));
    }

    function siblingsAt(string memory at) private view returns (SumNode[] memory siblings) {
        uint256[] memory sizes = vm.parseJsonUintArray(json, string.concat(at, ".stepSizes"));
        bytes32[] memory hashes = vm.parseJsonBytes32Array(json, string.concat(at, ".stepHashes"));
        assert(sizes.length == hashes.length);
        siblings = new SumNode[](sizes.length);
        for (uint256 i = 0; i < sizes.length; ++i) siblings[i] = SumNode(uint64(sizes[i]), hashes[i]);
    }

    function selectorAt(string memory at) private view returns (bytes4 selector) {
        selector = selectors[vm.parseJsonString(json, string.concat(at, ".error"))];
        // A code that this test does not know yet.
        assert(selector != 0);
    }

    function isProofError(string memory at) private view returns (bool) {
        return selectors[vm.parseJsonString(json, string.concat(at, ".error"))] != 0;
    }

    function statementAt(string memory at) private view returns (BatchStatement memory statement) {
        statement.batchId = BatchId.wrap(uint256(word(at, ".batchId")));
        statement.operator = vm.parseJsonAddress(json, string.concat(at, ".operator"));
        statement.root = word(at, ".root");
        statement.totalMilligrams = Milligrams.wrap(uint64(number(at, ".totalMilligrams")));
        statement.leafCount = uint32(number(at, ".leafCount"));
        statement.bufferMilligrams = Milligrams.wrap(uint64(number(at, ".bufferMilligrams")));
        statement.claimPeriodDays = uint32(number(at, ".claimPeriodDays"));
        statement.vintageStartDay = Day.wrap(uint32(number(at, ".vintageStartDay")));
        statement.vintageEndDay = Day.wrap(uint32(number(at, ".vintageEndDay")));
        statement.region = bytes8(vm.parseJsonBytes(json, string.concat(at, ".region")));
        statement.methodologiesHash = word(at, ".methodologiesHash");
        statement.keySchemeHash = word(at, ".keySchemeHash");
        statement.leavesHash = word(at, ".leavesHash");
        statement.subjectlessMilligrams = Milligrams.wrap(uint64(number(at, ".subjectlessMilligrams")));
        statement.previousBatchId = BatchId.wrap(uint256(word(at, ".previousBatchId")));
        statement.category = uint8(number(at, ".category"));
        statement.hostCountry = bytes2(vm.parseJsonBytes(json, string.concat(at, ".hostCountry")));
        statement.adjustment = uint8(number(at, ".adjustment"));
        statement.useByDay = Day.wrap(uint32(number(at, ".useByDay")));
        statement.termsHash = word(at, ".termsHash");
        statement.deadline = uint64(number(at, ".deadline"));
    }

    function retirementAt(string memory at) private view returns (Retirement memory retirement) {
        retirement.retirementId = word(at, ".retirementId");
        retirement.holder = vm.parseJsonAddress(json, string.concat(at, ".holder"));
        retirement.beneficiaryHash = word(at, ".beneficiaryHash");
        retirement.documentHash = word(at, ".documentHash");
        retirement.purpose = uint8(number(at, ".purpose"));
        retirement.reportingYear = uint16(number(at, ".reportingYear"));
        retirement.country = bytes2(vm.parseJsonBytes(json, string.concat(at, ".country")));
        retirement.retiredAt = uint64(number(at, ".retiredAt"));
        bytes32[] memory batchIds = vm.parseJsonBytes32Array(json, string.concat(at, ".lineBatchIds"));
        uint256[] memory starts = vm.parseJsonUintArray(json, string.concat(at, ".lineStarts"));
        uint256[] memory ends = vm.parseJsonUintArray(json, string.concat(at, ".lineEnds"));
        retirement.lines = new RetirementLine[](batchIds.length);
        for (uint256 i = 0; i < batchIds.length; ++i) {
            retirement.lines[i] = RetirementLine(uint256(batchIds[i]), uint64(starts[i]), uint64(ends[i]));
        }
    }
}

interface IDigest {
    function hashStatement(BatchStatement calldata statement) external view returns (bytes32);
}
