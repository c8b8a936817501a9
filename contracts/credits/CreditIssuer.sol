// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {RetirementAmount, RetirementLine} from "../types/Retirement.sol";

/// @title What all issuers share: the retirement registry moves their cursors, and nobody else.
abstract contract CreditIssuer is ICreditIssuer, ReentrancyGuardTransient {
    address public immutable retirements;

    /// @param retirements_ The issuer has seen that it is not 0.
    constructor(address retirements_) {
        retirements = retirements_;
    }

    modifier onlyRetirements() {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        _;
    }

    /// @inheritdoc ICreditIssuer
    function recordRetirement(
        RetirementAmount[] calldata amounts
    ) external onlyRetirements nonReentrant returns (RetirementLine[] memory lines) {
        lines = new RetirementLine[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) lines[i] = useUp(amounts[i]);
    }

    /// @dev Takes the next range at the id's cursor; reverts where it is unknown, suspended or has less in
    /// circulation.
    function useUp(RetirementAmount calldata amount) internal virtual returns (RetirementLine memory);
}
