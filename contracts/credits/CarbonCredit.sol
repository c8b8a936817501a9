// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Serials} from "../libraries/Serials.sol";

/// @title Credits of every batch. See ICarbonCredit.
contract CarbonCredit is ICarbonCredit, ERC1155 {
    IParticipantRegistry public immutable participants;
    /// @notice The only one that mints.
    address public immutable batches;
    /// @notice The only one that burns.
    address public immutable retirements;

    mapping(uint256 batchId => uint256 amount) private supplies;

    constructor(IParticipantRegistry participants_, address batches_, address retirements_) ERC1155("") {
        require(address(participants_) != address(0) && batches_ != address(0) && retirements_ != address(0), ZeroDependency());
        participants = participants_;
        batches = batches_;
        retirements = retirements_;
    }

    /// @inheritdoc ICarbonCredit
    function mint(address to, uint256 batchId, uint256 amount) external {
        require(msg.sender == batches, CallerNotBatches(msg.sender));
        supplies[batchId] += amount;
        _mint(to, batchId, amount, "");
    }

    /// @inheritdoc ICarbonCredit
    function burnForRetirement(address holder, uint256 batchId, uint256 amount) external {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        _burn(holder, batchId, amount);
        supplies[batchId] -= amount;
    }

    /// @inheritdoc ICarbonCredit
    function totalSupply(uint256 batchId) external view returns (uint256) {
        return supplies[batchId];
    }

    /// @inheritdoc ICarbonCredit
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @dev Every move of credits comes through here.
    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        if (from != address(0)) requireActive(from);
        if (to != address(0) && to != from) requireActive(to);
        super._update(from, to, ids, values);
    }

    function requireActive(address account) private view {
        require(participants.isActive(account), HolderNotActive(account));
    }
}
