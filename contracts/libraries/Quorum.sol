// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";

/// @title M-of-N signatures of participants over one digest.
library Quorum {
    uint256 private constant ADDRESS_LENGTH = 20;
    uint256 private constant KEY_SIGNATURE_LENGTH = 65;

    /// @notice Whose signatures count, and how many it takes.
    struct Rule {
        uint8 threshold;
        /// Bits of `ParticipantKinds`; a signer needs all of them.
        uint32 kinds;
        /// Number of the verifier set that signers must belong to; 0 for any.
        uint8 verifierSet;
        /// Who may not sign, 0 for nobody: a batch's operator, the wallets of a recovery.
        address excluded;
    }

    /// @notice Fewer signatures than the threshold.
    error QuorumTooSmall(uint256 signatures, uint8 threshold);
    /// @notice Malformed, of high s, or not accepted by the contract that it names; `position` is 0-based.
    error SignatureInvalid(uint256 position);
    /// @notice Signers must be strictly ascending by address, which also rules out double ones.
    error SignersNotAscending(address previous, address signer);
    /// @notice The signature is of somebody who is not active, of another kind or verifier set, or of another
    /// statement.
    error SignerNotEntitled(address signer);
    /// @notice Nobody signs in a matter of their own.
    error SignerExcluded(address signer);

    /// @notice The signers behind the signatures, ascending.
    /// @param signatures One per signer: 65 bytes (r, s, v) of an account's key, else 20 bytes of a
    /// contract's address and what its ERC-1271 `isValidSignature` takes.
    /// @dev Reverts with each error above.
    function signersOf(
        bytes32 digest,
        bytes[] calldata signatures,
        Rule memory rule,
        IParticipantRegistry participants
    ) internal view returns (address[] memory signers) {
        require(signatures.length >= rule.threshold, QuorumTooSmall(signatures.length, rule.threshold));
        signers = new address[](signatures.length);
        address previous = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = signerOf(digest, signatures[i], i);
            require(signer > previous, SignersNotAscending(previous, signer));
            require(signer != rule.excluded, SignerExcluded(signer));
            require(isEntitled(signer, rule, participants), SignerNotEntitled(signer));
            signers[i] = previous = signer;
        }
    }

    /// @notice keccak256 of the addresses, 20 bytes each.
    /// @dev abi.encodePacked of an address array would pad each to 32.
    function hashOf(address[] memory signers) internal pure returns (bytes32 hash) {
        // Their concatenation lies past the free pointer and is not kept. Each store overwrites what the one
        // before it left behind its 20 bytes.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let packed := mload(0x40)
            let at := packed
            let signer := add(signers, 32)
            for {
                let end := add(signer, shl(5, mload(signers)))
            } lt(signer, end) {
                signer := add(signer, 32)
            } {
                mstore(at, shl(96, mload(signer)))
                at := add(at, 20)
            }
            hash := keccak256(packed, sub(at, packed))
        }
    }

    function isEntitled(
        address signer,
        Rule memory rule,
        IParticipantRegistry participants
    ) private view returns (bool) {
        (uint32 kinds, uint32 sets) = participants.standingOf(signer);
        return
            kinds & rule.kinds == rule.kinds &&
            (rule.verifierSet == 0 || (sets >> (rule.verifierSet - 1)) & 1 == 1);
    }

    /// @notice Who signed, in the form that `signersOf` takes. Reverts SignatureInvalid with this position.
    /// @dev The key's signature first: an account with delegated code (EIP-7702) still signs by its key.
    function signerOf(
        bytes32 digest,
        bytes calldata signature,
        uint256 position
    ) internal view returns (address signer) {
        if (signature.length == KEY_SIGNATURE_LENGTH) {
            ECDSA.RecoverError failure;
            (signer, failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
            require(failure == ECDSA.RecoverError.NoError, SignatureInvalid(position));
        } else {
            require(signature.length > ADDRESS_LENGTH, SignatureInvalid(position));
            signer = address(bytes20(signature[:ADDRESS_LENGTH]));
            bool accepted = SignatureChecker.isValidERC1271SignatureNowCalldata(
                signer,
                digest,
                signature[ADDRESS_LENGTH:]
            );
            require(accepted, SignatureInvalid(position));
        }
    }
}
