// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title M-of-N signatures of registered verifiers over one digest.
library Quorum {
    uint256 private constant ADDRESS_LENGTH = 20;
    uint256 private constant KEY_SIGNATURE_LENGTH = 65;

    /// @notice Fewer signatures than the threshold.
    error QuorumTooSmall(uint256 signatures, uint8 threshold);
    /// @notice Malformed, of high s, or not accepted by the contract that it names; `position` is 0-based.
    error SignatureInvalid(uint256 position);
    /// @notice Attesters must be strictly ascending by address, which also rules out double ones.
    error AttestersNotAscending(address previous, address attester);
    /// @notice The signature is of somebody who is no active verifier, or of another statement.
    error AttesterNotVerifier(address attester);
    /// @notice Nobody attests a batch of their own.
    error AttesterIsOperator(address attester);

    /// @notice The attesters behind the signatures, ascending.
    /// @param operator Who may not be among them.
    /// @dev Reverts with each error above.
    function attestersOf(
        bytes32 digest,
        bytes[] calldata signatures,
        uint8 threshold,
        address operator,
        IParticipantRegistry participants
    ) internal view returns (address[] memory attesters) {
        require(signatures.length >= threshold, QuorumTooSmall(signatures.length, threshold));
        attesters = new address[](signatures.length);
        address previous = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address attester = attesterOf(digest, signatures[i], i);
            require(attester > previous, AttestersNotAscending(previous, attester));
            require(attester != operator, AttesterIsOperator(attester));
            require(participants.hasKind(attester, ParticipantKinds.VERIFIER), AttesterNotVerifier(attester));
            attesters[i] = previous = attester;
        }
    }

    /// @notice keccak256 of the addresses, 20 bytes each.
    /// @dev abi.encodePacked of an address array would pad each to 32.
    function hashOf(address[] memory attesters) internal pure returns (bytes32) {
        bytes memory packed = "";
        for (uint256 i = 0; i < attesters.length; ++i) packed = bytes.concat(packed, bytes20(attesters[i]));
        return keccak256(packed);
    }

    /// @dev The key's signature first: an account with delegated code (EIP-7702) still signs by its key.
    function attesterOf(bytes32 digest, bytes calldata signature, uint256 position) private view returns (address attester) {
        if (signature.length == KEY_SIGNATURE_LENGTH) {
            ECDSA.RecoverError failure;
            (attester, failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
            require(failure == ECDSA.RecoverError.NoError, SignatureInvalid(position));
        } else {
            require(signature.length > ADDRESS_LENGTH, SignatureInvalid(position));
            attester = address(bytes20(signature[:ADDRESS_LENGTH]));
            bool accepted = SignatureChecker.isValidERC1271SignatureNowCalldata(attester, digest, signature[ADDRESS_LENGTH:]);
            require(accepted, SignatureInvalid(position));
        }
    }
}
