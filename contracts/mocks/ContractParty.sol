// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A party that is a contract: signs by ERC-1271 and may turn hostile when it receives credits. For
/// tests only.
contract ContractParty is IERC1271, ERC1155Holder {
    address public immutable owner;

    address private armedTarget;
    bytes private armedCall;
    bool public attackRan;
    bool public attackSucceeded;
    bytes public attackAnswer;

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice From now on each receipt of credits makes this call first.
    function arm(address target, bytes calldata call_) external {
        armedTarget = target;
        armedCall = call_;
    }

    /// @notice Calls as this party; passes a revert on.
    function execute(address target, bytes calldata call_) external returns (bytes memory) {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory answer) = target.call(call_);
        if (!done) {
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        return answer;
    }

    /// @notice Where this stands for an issuer of credits: it has none in circulation.
    function circulatingOf(uint256) external pure returns (uint256) {
        return 0;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return
            ECDSA.recoverCalldata(digest, signature) == owner
                ? IERC1271.isValidSignature.selector
                : bytes4(0xffffffff);
    }

    function onERC1155Received(
        address operator,
        address from,
        uint256 id,
        uint256 value,
        bytes memory data
    ) public override returns (bytes4) {
        if (armedTarget != address(0)) {
            attackRan = true;
            // solhint-disable-next-line avoid-low-level-calls
            (attackSucceeded, attackAnswer) = armedTarget.call(armedCall);
        }
        return super.onERC1155Received(operator, from, id, value, data);
    }
}
