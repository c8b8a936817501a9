// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PermissionedERC20} from "../tokens/PermissionedERC20.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IPermissionedERC20} from "../interfaces/IPermissionedERC20.sol";
import {ISettlementCash} from "../interfaces/ISettlementCash.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title Tokenised bank money. See ISettlementCash.
contract SettlementCash is PermissionedERC20, ISettlementCash {
    uint32 private constant RECEIVES_REPAYMENT =
        ParticipantKinds.BANK | ParticipantKinds.CASH_ISSUER | ParticipantKinds.LIEN_AGENT;
    uint32 private constant RELEASES = ParticipantKinds.ESCROW | ParticipantKinds.LIEN_AGENT;

    mapping(address issuer => uint256 amount) private outstanding;

    constructor(
        address manager,
        IParticipantRegistry participants_,
        string memory name_,
        string memory symbol_
    ) PermissionedERC20(manager, participants_, name_, symbol_) {}

    /// @inheritdoc ISettlementCash
    function issue(address to, uint256 amount) external {
        requireCallerKind(ParticipantKinds.CASH_ISSUER);
        uint256 issued = outstanding[msg.sender] + amount;
        outstanding[msg.sender] = issued;
        emit CashIssued(msg.sender, to, amount, issued);
        _mint(to, amount);
    }

    /// @inheritdoc ISettlementCash
    function redeem(uint256 amount) external {
        requireCallerKind(ParticipantKinds.CASH_ISSUER);
        uint256 issued = outstanding[msg.sender];
        require(amount <= issued, RedemptionExceedsIssued(msg.sender, amount, issued));
        outstanding[msg.sender] = issued - amount;
        emit CashRedeemed(msg.sender, amount, issued - amount);
        _burn(msg.sender, amount);
    }

    /// @inheritdoc ISettlementCash
    function outstandingOf(address issuer) external view returns (uint256) {
        return outstanding[issuer];
    }

    /// @inheritdoc IPermissionedERC20
    function recover(address lost) public override(PermissionedERC20, IPermissionedERC20) {
        super.recover(lost);
        // What a bank owes follows its wallet as well as what it owns.
        outstanding[participants.replacementOf(lost)] += outstanding[lost];
        delete outstanding[lost];
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function movesWhilePaused(uint32 fromKinds, uint32 toKinds) internal pure override returns (bool) {
        return toKinds & RECEIVES_REPAYMENT != 0 || fromKinds & RELEASES != 0;
    }
}
