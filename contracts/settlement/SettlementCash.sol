// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PermissionedERC20} from "../tokens/PermissionedERC20.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementCash} from "../interfaces/ISettlementCash.sol";
import {ParticipantKinds} from "../types/Participant.sol";

/// @title Tokenised bank money. See ISettlementCash.
contract SettlementCash is PermissionedERC20, ISettlementCash {
    uint32 private constant RECEIVES_REPAYMENT =
        ParticipantKinds.BANK | ParticipantKinds.CASH_ISSUER | ParticipantKinds.LIEN_AGENT;
    uint32 private constant RELEASES = ParticipantKinds.ESCROW | ParticipantKinds.LIEN_AGENT;
    /// Daily, with half a day to make the next one.
    uint256 private constant STATEMENT_SERVES = 36 hours;

    bytes16 public issuer;
    uint256 public limit;
    ReserveStatement private reserve;

    constructor(
        address manager,
        IParticipantRegistry participants_,
        string memory name_,
        string memory symbol_
    ) PermissionedERC20(manager, participants_, name_, symbol_) {}

    /// @inheritdoc ISettlementCash
    function setIssuer(bytes16 firmId) external restricted {
        require(firmId != 0, IssuerMissing());
        require(issuer == 0, IssuerKnown(issuer));
        issuer = firmId;
        emit IssuerSet(firmId);
    }

    /// @inheritdoc ISettlementCash
    function raiseLimit(uint256 limit_) external restricted {
        require(limit_ > limit, LimitNotRaised(limit, limit_));
        storeLimit(limit_);
    }

    /// @inheritdoc ISettlementCash
    function lowerLimit(uint256 limit_) external {
        // Whoever may stop issuing need not wait for who may let it go on.
        if (!participants.hasKind(msg.sender, ParticipantKinds.REGULATOR)) requireIssuer();
        require(limit_ < limit, LimitNotLowered(limit, limit_));
        storeLimit(limit_);
    }

    /// @inheritdoc ISettlementCash
    function stateReserve(ReserveStatement calldata statement) external {
        requireIssuer();
        require(statement.documentHash != 0, ReserveStatementIncomplete());
        (uint40 asOf, uint40 previous) = (statement.asOf, reserve.asOf);
        bool inOrder = asOf > previous && asOf <= block.timestamp;
        require(inOrder, ReserveStatementOutOfOrder(asOf, previous));
        reserve = statement;
        emit ReserveStated(msg.sender, statement.amount, asOf, statement.documentHash);
    }

    /// @inheritdoc ISettlementCash
    function issue(address to, uint256 amount) external {
        requireIssuer();
        // A mint is no transfer, so the rules of transfers don't keep it out of a pool.
        (uint32 kinds, ) = participants.standingOf(to);
        require(kinds != 0 && kinds & ParticipantKinds.POOL == 0, ERC7943CannotReceive(to));
        uint256 supply = totalSupply() + amount;
        require(supply <= limit, IssueExceedsLimit(supply, limit));
        uint256 servesUntil = reserveServesUntil();
        require(block.timestamp <= servesUntil, ReserveStatementOverdue(servesUntil));
        require(supply <= reserve.amount, IssueExceedsReserve(supply, reserve.amount));
        emit CashIssued(msg.sender, to, amount, supply);
        _mint(to, amount);
    }

    /// @inheritdoc ISettlementCash
    function redeem(uint256 amount) external {
        requireIssuer();
        _burn(msg.sender, amount);
        emit CashRedeemed(msg.sender, amount, totalSupply());
    }

    /// @inheritdoc ISettlementCash
    function reserveStatement() external view returns (ReserveStatement memory) {
        return reserve;
    }

    /// @inheritdoc ISettlementCash
    function isCovered() external view returns (bool) {
        return block.timestamp <= reserveServesUntil() && totalSupply() <= reserve.amount;
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function movesWhilePaused(uint32 fromKinds, uint32 toKinds) internal pure override returns (bool) {
        return toKinds & RECEIVES_REPAYMENT != 0 || fromKinds & RELEASES != 0;
    }

    function storeLimit(uint256 limit_) private {
        limit = limit_;
        emit LimitSet(limit_, msg.sender);
    }

    /// @dev A firm may have several wallets that issue: one lost is appointed anew beside the others, and
    /// what the firm owes stays what it is.
    function requireIssuer() private view {
        (uint32 kinds, , bytes32 firmId) = participants.standingAndFirmOf(msg.sender);
        bool issues = kinds & ParticipantKinds.CASH_ISSUER != 0 && bytes16(firmId) == issuer;
        require(issues, CallerNotIssuer(msg.sender, issuer));
    }

    /// @dev 0 before the first statement.
    function reserveServesUntil() private view returns (uint256) {
        return reserve.asOf == 0 ? 0 : reserve.asOf + STATEMENT_SERVES;
    }
}
