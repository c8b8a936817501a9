// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPermissionedERC20} from "./IPermissionedERC20.sol";

/// @title Tokenised bank money for the cash leg: 6 decimals, one token a currency and bank.
/// @notice One firm issues it, for good: its wallets of kind cash issuer bring it into circulation against
/// money held with the bank, and take it back from their own balance. What another bank promises is another
/// token. The total supply is what the issuer owes. Two bounds stand above the keys that issue: a limit,
/// which the network raises under the delay of its role and the issuer or a regulator lowers at once; and the
/// reserve that the issuer states daily. Without a statement of today nothing is issued, and nobody should
/// place new locks (`isCovered`). Redeeming needs neither.
/// Contracts that keep cash for others (disputes, payouts, settlement) are participants of kind escrow. While
/// paused, cash still reaches banks and lien agents (repayment) and still leaves escrows and lien agents
/// (release, refund, payout); issuing and redeeming go on. A bank whose key is lost is stopped by its status.
/// Source: design, "Holds and markets", Cash; architecture, "Contracts"; finance, "DvP trade".
interface ISettlementCash is IPermissionedERC20 {
    /// @notice What the issuer holds against the cash in circulation, by its word.
    struct ReserveStatement {
        /// Base units.
        uint256 amount;
        /// Unix seconds of the balance that is stated.
        uint40 asOf;
        /// Hash of the signed document behind it, not 0.
        bytes32 documentHash;
    }

    /// @notice The firm is missing.
    error IssuerMissing();
    /// @notice A token has one issuer, for good.
    error IssuerKnown(bytes16 firmId);
    /// @notice Not an active wallet of kind cash issuer of the firm that issues this token.
    error CallerNotIssuer(address caller, bytes16 firmId);
    /// @notice Raising raises, lowering lowers. Base units.
    error LimitNotRaised(uint256 limit, uint256 asked);
    error LimitNotLowered(uint256 limit, uint256 asked);
    /// @notice In circulation afterwards, and the limit. Base units.
    error IssueExceedsLimit(uint256 supply, uint256 limit);
    /// @notice In circulation afterwards, and the reserve by the latest statement. Base units.
    error IssueExceedsReserve(uint256 supply, uint256 reserve);
    /// @notice The latest statement served up to `servesUntil`, unix seconds; 0: there was none.
    error ReserveStatementOverdue(uint256 servesUntil);
    /// @notice The hash of its document is missing.
    error ReserveStatementIncomplete();
    /// @notice Of a later time than now, or of no later one than the statement before. Unix seconds.
    error ReserveStatementOutOfOrder(uint40 asOf, uint40 previous);

    event IssuerSet(bytes16 indexed firmId);
    /// @notice Base units that may be in circulation. `by`: the governor, the issuer or a regulator.
    event LimitSet(uint256 limit, address indexed by);
    /// @notice Told also where it is below what is in circulation: that stops issuing and new locks at once.
    event ReserveStated(address indexed issuer, uint256 amount, uint40 asOf, bytes32 documentHash);
    /// @notice `supply`: what is in circulation afterwards. Base units, 10^-6 of the currency.
    event CashIssued(address indexed issuer, address indexed to, uint256 amount, uint256 supply);
    event CashRedeemed(address indexed issuer, uint256 amount, uint256 supply);

    /// @notice Says whose token this is. Once. Restricted by the access manager.
    /// @param firmId As in `Participant`.
    /// @dev Reverts IssuerMissing, IssuerKnown.
    function setIssuer(bytes16 firmId) external;

    /// @notice Lets more be in circulation; 0 at first. Restricted by the access manager, under its delay:
    /// everybody sees it coming.
    /// @dev Reverts LimitNotRaised.
    function raiseLimit(uint256 limit) external;

    /// @notice Lets less be in circulation, at once. What is in circulation stays. Cash issuers of the
    /// issuing firm, and regulators.
    /// @dev Reverts CallerNotIssuer, LimitNotLowered.
    function lowerLimit(uint256 limit) external;

    /// @notice The issuer says what it holds. A statement serves for 36 hours from `asOf`: a day, and half a
    /// day to make the next one. It may be below what is in circulation: who has to say so is not stopped
    /// from saying it. Cash issuers of the issuing firm only; the transaction is the signature.
    /// @dev Reverts CallerNotIssuer, ReserveStatementIncomplete, ReserveStatementOutOfOrder.
    function stateReserve(ReserveStatement calldata statement) external;

    /// @notice Brings cash into circulation. Cash issuers of the issuing firm only.
    /// @dev Reverts CallerNotIssuer, ERC7943CannotReceive (a pool could never give it back),
    /// IssueExceedsLimit, ReserveStatementOverdue, IssueExceedsReserve.
    function issue(address to, uint256 amount) external;

    /// @notice Takes cash of the caller out of circulation. Cash issuers of the issuing firm only.
    /// @dev Reverts CallerNotIssuer, ERC7943InsufficientUnfrozenBalance, ERC20InsufficientBalance.
    function redeem(uint256 amount) external;

    /// @notice The firm that issues; 0 before `setIssuer`.
    function issuer() external view returns (bytes16 firmId);

    /// @notice Base units that may be in circulation.
    function limit() external view returns (uint256);

    /// @notice The latest statement; zeros before the first.
    function reserveStatement() external view returns (ReserveStatement memory);

    /// @notice True where the latest statement serves and covers all that is in circulation. Contracts that
    /// lock cash ask it before a new lock.
    function isCovered() external view returns (bool);
}
