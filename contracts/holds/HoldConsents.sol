// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LockTerms} from "../types/Hold.sol";
import {LienConsent, LienTerms} from "../types/Lien.sol";

/// @title What holders and beneficiaries sign, as EIP-712 hashes it, for the token at this address.
library HoldConsents {
    bytes32 private constant DOMAIN_TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant LIEN_TERMS_TYPE_HASH = keccak256(
        "LienTerms(address holder,uint256 tokenId,address beneficiary,address agent,bytes32 agreementHash)"
    );
    bytes32 private constant LIEN_CONSENT_TYPE_HASH = keccak256(
        "LienConsent(LienTerms terms,uint256 maxAmount,uint64 deadline)"
        "LienTerms(address holder,uint256 tokenId,address beneficiary,address agent,bytes32 agreementHash)"
    );
    bytes32 private constant LOCK_TERMS_TYPE_HASH = keccak256(
        "LockTerms(address holder,uint256 tokenId,uint256 amount,address agent,uint40 expiry,"
        "bytes32 origin,bytes32 instructionHash)"
    );

    function hashLien(LienConsent calldata consent) internal view returns (bytes32) {
        LienTerms calldata terms = consent.terms;
        bytes32 termsHash = keccak256(abi.encode(LIEN_TERMS_TYPE_HASH, terms));
        return
            digest(
                keccak256(abi.encode(LIEN_CONSENT_TYPE_HASH, termsHash, consent.maxAmount, consent.deadline))
            );
    }

    function hashLock(LockTerms calldata terms) internal view returns (bytes32) {
        return digest(keccak256(abi.encode(LOCK_TERMS_TYPE_HASH, terms)));
    }

    /// @dev Not OpenZeppelin's EIP712: what it keeps is of the contract that made it, and this runs in tokens
    /// that delegate to one.
    function digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPE_HASH,
                keccak256("Microtonne Holds"),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
