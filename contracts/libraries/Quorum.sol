// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";

/// @title M-of-N signatures of participants over one digest, each of another firm.
library Quorum {
    uint256 private constant ADDRESS_LENGTH = 20;

    /// @notice Whose signatures count, and how many it takes.
    struct Rule {
        uint8 threshold;
        /// Bits of `ParticipantKinds`; a signer needs all of them.
        uint32 kinds;
        /// Number of the verifier set that signers must belong to; 0 for any.
        uint8 verifierSet;
        /// The firm none of whose wallets may sign, 0 for no firm: of a batch's operator, of a lost wallet.
        bytes32 excludedFirm;
        /// True where no more sign than the threshold.
        bool exact;
    }

    /// @notice Fewer signatures than the threshold.
    error QuorumTooSmall(uint256 signatures, uint8 threshold);
    /// @notice More signatures than the threshold, where it is exact.
    error QuorumTooLarge(uint256 signatures, uint8 threshold);
    /// @notice Malformed, of high s, or not accepted by the contract that it names; `position` is 0-based.
    error SignatureInvalid(uint256 position);
    /// @notice Signers must be strictly ascending by address, which also rules out double ones.
    error SignersNotAscending(address previous, address signer);
    /// @notice The signature is of somebody who is not active, of another kind or verifier set, or of another
    /// statement.
    error SignerNotEntitled(address signer);
    /// @notice No firm signs in a matter of its own.
    error SignerExcluded(address signer);
    /// @notice Another wallet of this signer's firm signed, too: one firm counts once.
    error FirmKnown(address signer);

    /// @notice The signers behind the signatures, ascending.
    /// @param signatures One per signer: 65 bytes (r, s, v; v 27 or 28) of an account's key, else 20 bytes of
    /// a contract's address, what its ERC-1271 `isValidSignature` takes, and a byte 0.
    /// @dev Reverts with each error above.
    function signersOf(
        bytes32 digest,
        bytes[] calldata signatures,
        Rule memory rule,
        IParticipantRegistry participants
    ) internal view returns (address[] memory signers) {
        uint256 count = signatures.length;
        uint8 threshold = rule.threshold;
        require(count >= threshold, QuorumTooSmall(count, threshold));
        require(count <= threshold || !rule.exact, QuorumTooLarge(count, threshold));
        signers = new address[](count);
        bytes32[] memory firms = new bytes32[](count);
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address signer = signerOf(digest, signatures[i], i);
            require(signer > previous, SignersNotAscending(previous, signer));
            bytes32 firm = entitledFirmOf(signer, rule, participants);
            for (uint256 j = 0; j < i; ++j) require(firms[j] != firm, FirmKnown(signer));
            firms[i] = firm;
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

    /// @notice Who signed, in the form that `signersOf` takes. Reverts SignatureInvalid with this position.
    /// @dev A contract's signature ends in 0, which no key's does, so that the two are told apart at every
    /// length. A key's counts as one also where its account has delegated code (EIP-7702).
    function signerOf(
        bytes32 digest,
        bytes calldata signature,
        uint256 position
    ) internal view returns (address signer) {
        uint256 length = signature.length;
        if (length > ADDRESS_LENGTH && signature[length - 1] == 0) {
            signer = address(bytes20(signature[:ADDRESS_LENGTH]));
            bool accepted = SignatureChecker.isValidERC1271SignatureNowCalldata(
                signer,
                digest,
                signature[ADDRESS_LENGTH:length - 1]
            );
            require(accepted, SignatureInvalid(position));
        } else {
            // Of 65 bytes only; v other than 27 and 28 recovers nobody.
            ECDSA.RecoverError failure;
            (signer, failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
            require(failure == ECDSA.RecoverError.NoError, SignatureInvalid(position));
        }
    }

    /// @dev The firm of a signer that may sign under this rule; reverts for any other.
    function entitledFirmOf(
        address signer,
        Rule memory rule,
        IParticipantRegistry participants
    ) private view returns (bytes32 firm) {
        uint32 kinds;
        uint32 sets;
        (kinds, sets, firm) = participants.standingAndFirmOf(signer);
        bool isEntitled =
            kinds & rule.kinds == rule.kinds &&
                (rule.verifierSet == 0 || (sets >> (rule.verifierSet - 1)) & 1 == 1);
        // Kinds that sign have a firm (ParticipantKinds.FIRMS); a signer without one would count twice.
        require(isEntitled && firm != 0, SignerNotEntitled(signer));
        require(firm != rule.excludedFirm, SignerExcluded(signer));
    }
}
