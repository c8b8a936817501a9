// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title What a certificate says about itself: ERC-721 metadata as a data URI.
/// @notice All of it follows from the chain, so that a certificate reads the same for as long as the chain
/// does, whoever runs which server.
library CertificateText {
    using Strings for uint256;
    using Strings for address;

    /// @notice JSON with the ids by which the record is found and checked.
    function uriOf(bytes32 retirementId, bytes32 recordHash) internal view returns (string memory) {
        string memory id = uint256(retirementId).toHexString(32);
        // solhint-disable quotes
        bytes memory json = abi.encodePacked(
            '{"name":"Retirement certificate ',
            id,
            '","description":"Carbon credits were retired for good. '
            'This certificate stays with who retired them.","properties":{"chainId":"',
            block.chainid.toString(),
            '","registry":"',
            address(this).toChecksumHexString(),
            '","retirementId":"',
            id,
            '","recordHash":"',
            uint256(recordHash).toHexString(32),
            '"}}'
        );
        // solhint-enable quotes
        return string.concat("data:application/json;base64,", Base64.encode(json));
    }
}
