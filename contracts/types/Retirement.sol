// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Milligrams} from "./Milligrams.sol";

/// @notice A serial range of one batch used up by a retirement: milligrams [start, end).
struct RetirementLine {
    uint256 batchId;
    uint64 start;
    uint64 end;
}

/// @notice The whole record; the chain keeps keccak256(abi.encode(record)) and emits the rest.
struct Retirement {
    bytes32 retirementId;
    address holder;
    bytes32 beneficiaryHash;
    bytes32 documentHash;
    uint8 purpose;
    uint16 reportingYear;
    bytes2 country;
    /// Unix seconds.
    uint64 retiredAt;
    RetirementLine[] lines;
}

/// @notice Whole milligrams of one batch to retire, > 0.
struct RetirementAmount {
    uint256 batchId;
    Milligrams milligrams;
}

/// @notice What a holder asks for.
struct RetirementRequest {
    /// Chosen by the holder, once each; the retirement id is bound to it and to the holder.
    bytes32 nonce;
    /// Salted hash of the beneficiary, not 0; the name stays off chain.
    bytes32 beneficiaryHash;
    /// Salted hash of a document, 0 for none.
    bytes32 documentHash;
    /// 1 compliance offset, 2 event, 3 corporate, 4 product neutrality, 5 ecological compensation
    /// (White Paper on Carbon Inclusion Development 2025, section 2).
    uint8 purpose;
    /// Calendar year that the claim is for, not 0.
    uint16 reportingYear;
    /// ISO 3166-1 alpha-2, ASCII capitals.
    bytes2 country;
    /// At least one, batch ids strictly ascending.
    RetirementAmount[] amounts;
}
