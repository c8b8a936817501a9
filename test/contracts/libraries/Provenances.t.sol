// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Provenances} from "../../../contracts/libraries/Provenances.sol";
import {Quorum} from "../../../contracts/libraries/Quorum.sol";
import {Provenance} from "../../../contracts/types/Batch.sol";
import {bound} from "../support/Vm.sol";

/// @title Hashes of attesters, methodologies and terms, against the concatenations that they are said to be
/// of.
contract ProvenancesTest {
    uint256 private constant MAX_LENGTH = 7;

    function testFuzz_attestersAreHashedSideBySide(uint256 seed) external pure {
        address[] memory signers = addressesOf(seed);
        bytes memory beside = abi.encode(seed);
        assert(Quorum.hashOf(signers) == keccak256(packed(signers)));
        // What lies in memory already is left alone.
        assert(keccak256(packed(signers)) == keccak256(packed(addressesOf(seed))));
        assert(keccak256(beside) == keccak256(abi.encode(seed)));
    }

    function testFuzz_aProvenanceIsTheHashOfAllThreeHashes(uint256 seed, bytes32 termsHash) external view {
        Provenance memory provenance = Provenance(addressesOf(seed), idsOf(seed), termsHash);
        bytes memory ids = "";
        for (uint256 i = 0; i < provenance.methodologyIds.length; ++i)
            ids = bytes.concat(ids, provenance.methodologyIds[i]);
        bytes memory all = bytes.concat(keccak256(packed(provenance.attesters)), keccak256(ids), termsHash);
        assert(this.hashOf(provenance) == keccak256(all));
        assert(this.methodologiesHashOf(provenance.methodologyIds) == keccak256(ids));
    }

    function hashOf(Provenance calldata provenance) external pure returns (bytes32) {
        return Provenances.hashOf(provenance);
    }

    function methodologiesHashOf(bytes32[] calldata methodologyIds) external pure returns (bytes32) {
        return Provenances.methodologiesHashOf(methodologyIds);
    }

    function packed(address[] memory signers) private pure returns (bytes memory all) {
        for (uint256 i = 0; i < signers.length; ++i) all = bytes.concat(all, bytes20(signers[i]));
    }

    function addressesOf(uint256 seed) private pure returns (address[] memory signers) {
        signers = new address[](bound(seed, 0, MAX_LENGTH));
        for (uint256 i = 0; i < signers.length; ++i)
            signers[i] = address(uint160(uint256(keccak256(abi.encode("attester", seed, i)))));
    }

    function idsOf(uint256 seed) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](bound(seed >> 8, 0, MAX_LENGTH));
        for (uint256 i = 0; i < ids.length; ++i) ids[i] = keccak256(abi.encode("methodology", seed, i));
    }
}
