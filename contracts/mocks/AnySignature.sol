// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title A wallet whose signatures have whatever form it says, the empty one among them. For tests only.
contract AnySignature is IERC1271 {
    mapping(bytes32 digest => bytes32 signatureHash) private accepted;

    function accept(bytes32 digest, bytes calldata signature) external {
        accepted[digest] = keccak256(signature);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return
            accepted[digest] == keccak256(signature)
                ? IERC1271.isValidSignature.selector
                : bytes4(0xffffffff);
    }
}
