// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IPayoutDistributor} from "../interfaces/IPayoutDistributor.sol";
import {Succession} from "../libraries/Succession.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {PayoutEpoch, PayoutPause} from "../types/Payout.sol";

/// @title Pays out by cumulative Merkle claims. See IPayoutDistributor.
contract PayoutDistributor is IPayoutDistributor, AccessManaged {
    using SafeERC20 for IERC20;

    IParticipantRegistry public immutable participants;
    IERC20 public immutable token;
    /// @notice Whose payouts these are, as of the day of deployment.
    address public immutable operator;

    uint32 public delay;
    uint32 private latestEpoch;
    uint112 private latestTotal;
    /// By root: a claim's proof leads to it, so that it need not be read.
    mapping(bytes32 root => PayoutEpoch) private epochs;
    mapping(address account => uint256 amount) private claimed;
    mapping(address account => address platform) private delegates;

    /// @param delay_ As `setDelay`.
    constructor(
        address manager,
        IParticipantRegistry participants_,
        IERC20 token_,
        address operator_,
        uint32 delay_
    ) AccessManaged(manager) {
        bool complete =
            address(participants_) != address(0) && address(token_) != address(0) && operator_ != address(0);
        require(complete, ZeroDependency());
        participants = participants_;
        token = token_;
        operator = operator_;
        applyDelay(delay_);
    }

    /// @inheritdoc IPayoutDistributor
    function announce(bytes32 root, uint112 total, uint40 claimableAt) external returns (uint32 epoch) {
        (uint32 kinds, ) = participants.standingOf(msg.sender);
        require(isOperator(kinds), CallerNotOperator(msg.sender, operator));
        require(root != 0, RootMissing());
        require(epochs[root].number == 0, RootKnown(root));
        uint112 previous = latestTotal;
        require(total >= previous, TotalBelowPrevious(total, previous));
        uint256 earliest = block.timestamp + delay;
        require(claimableAt >= earliest, ClaimableTooEarly(claimableAt, earliest));

        epoch = latestEpoch + 1;
        latestEpoch = epoch;
        latestTotal = total;
        epochs[root] = PayoutEpoch(epoch, total, claimableAt, 0);
        emit EpochAnnounced(epoch, root, total, claimableAt);

        if (total > previous) token.safeTransferFrom(msg.sender, address(this), total - previous);
    }

    /// @inheritdoc IPayoutDistributor
    function setPaused(bytes32 root, bool paused) external {
        (uint32 kinds, ) = participants.standingOf(msg.sender);
        bool byRegulator = kinds & ParticipantKinds.REGULATOR != 0;
        require(byRegulator || isOperator(kinds), CallerNotOperator(msg.sender, operator));
        PayoutEpoch storage epoch = epochs[root];
        require(epoch.number != 0, RootUnknown(root));

        uint8 bit = byRegulator ? PayoutPause.BY_REGULATOR : PayoutPause.BY_OPERATOR;
        // A regulator ends an operator's pause too; else a hostile one could keep holders waiting for good.
        uint8 left = byRegulator ? 0 : epoch.paused & ~bit;
        uint8 bits = paused ? epoch.paused | bit : left;
        epoch.paused = bits;
        emit EpochPausedSet(epoch.number, bits);
    }

    /// @inheritdoc IPayoutDistributor
    function claim(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external {
        payOut(account, account, cumulativeAmount, proof);
    }

    /// @inheritdoc IPayoutDistributor
    function claimForRecovered(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external {
        address current = Succession.currentOf(participants, account);
        require(current != account, NotRecovered(account));
        payOut(account, current, cumulativeAmount, proof);
    }

    /// @inheritdoc IPayoutDistributor
    function claimAsDelegate(address account, uint256 cumulativeAmount, bytes32[] calldata proof) external {
        address current = Succession.currentOf(participants, account);
        require(delegates[current] == msg.sender, CallerNotDelegate(msg.sender, account));
        bool entitled = participants.hasKind(msg.sender, ParticipantKinds.PLATFORM);
        require(entitled, CallerNotEntitled(msg.sender, ParticipantKinds.PLATFORM));
        payOut(account, msg.sender, cumulativeAmount, proof);
    }

    /// @inheritdoc IPayoutDistributor
    function setDelegate(address platform) external {
        delegates[msg.sender] = platform;
        emit DelegateSet(msg.sender, platform);
    }

    /// @inheritdoc IPayoutDistributor
    function setDelay(uint32 delay_) external restricted {
        applyDelay(delay_);
    }

    /// @inheritdoc IPayoutDistributor
    function latest() external view returns (uint32 epoch, uint112 total) {
        return (latestEpoch, latestTotal);
    }

    /// @inheritdoc IPayoutDistributor
    function epochOf(bytes32 root) external view returns (PayoutEpoch memory) {
        return epochs[root];
    }

    /// @inheritdoc IPayoutDistributor
    function claimedOf(address account) external view returns (uint256) {
        return claimed[account];
    }

    /// @inheritdoc IPayoutDistributor
    function delegateOf(address account) external view returns (address) {
        return delegates[account];
    }

    function payOut(address account, address to, uint256 cumulativeAmount, bytes32[] calldata proof) private {
        uint32 epoch = checkLeaf(account, cumulativeAmount, proof);
        uint256 before = claimed[account];
        require(cumulativeAmount > before, NothingToClaim(account, before));

        claimed[account] = cumulativeAmount;
        emit Claimed(account, to, epoch, cumulativeAmount - before);

        token.safeTransfer(to, cumulativeAmount - before);
    }

    function checkLeaf(
        address account,
        uint256 cumulativeAmount,
        bytes32[] calldata proof
    ) private view returns (uint32 number) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulativeAmount))));
        PayoutEpoch storage epoch = epochs[MerkleProof.processProofCalldata(proof, leaf)];
        number = epoch.number;
        require(number != 0, ProofInvalid(account, cumulativeAmount));
        require(epoch.paused == 0, EpochPaused(number));
        require(block.timestamp >= epoch.claimableAt, EpochNotClaimable(number, epoch.claimableAt));
    }

    function applyDelay(uint32 delay_) private {
        delay = delay_;
        emit DelaySet(delay_);
    }

    /// @dev Of the caller, whose kinds these are.
    function isOperator(uint32 kinds) private view returns (bool) {
        bool active = kinds & ParticipantKinds.OPERATOR != 0;
        return active && Succession.currentOf(participants, operator) == msg.sender;
    }
}
