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
import {PayoutClaim, PayoutEpoch, PayoutLedger, PayoutPause} from "../types/Payout.sol";

/// @title Pays out by cumulative Merkle claims. See IPayoutDistributor.
contract PayoutDistributor is IPayoutDistributor, AccessManaged {
    using SafeERC20 for IERC20;

    IParticipantRegistry public immutable participants;
    IERC20 public immutable token;

    uint32 public delay;
    mapping(address operator => PayoutLedger) private ledgers;
    mapping(address operator => mapping(uint32 epoch => PayoutEpoch)) private epochs;
    mapping(address operator => mapping(address account => uint256 amount)) private claimed;
    mapping(address account => address platform) private delegates;

    /// @param delay_ As `setDelay`.
    constructor(address manager, IParticipantRegistry participants_, IERC20 token_, uint32 delay_) AccessManaged(manager) {
        require(address(participants_) != address(0) && address(token_) != address(0), ZeroDependency());
        participants = participants_;
        token = token_;
        applyDelay(delay_);
    }

    /// @inheritdoc IPayoutDistributor
    function announce(address operator, bytes32 root, uint112 total, uint40 claimableAt) external returns (uint32 epoch) {
        requireCallerKind(ParticipantKinds.OPERATOR);
        require(isOperator(operator), CallerNotOperator(msg.sender, operator));
        PayoutLedger memory ledger = ledgers[operator];
        require(root != 0, RootMissing());
        require(total >= ledger.funded, TotalBelowPrevious(total, ledger.funded));
        uint256 earliest = block.timestamp + delay;
        require(claimableAt >= earliest, ClaimableTooEarly(claimableAt, earliest));

        epoch = ledger.epoch + 1;
        uint256 missing = total - ledger.funded;
        ledgers[operator] = PayoutLedger(epoch, total, ledger.claimed);
        epochs[operator][epoch] = PayoutEpoch(root, total, claimableAt, 0);
        emit EpochAnnounced(operator, epoch, root, total, claimableAt);

        if (missing > 0) token.safeTransferFrom(msg.sender, address(this), missing);
    }

    /// @inheritdoc IPayoutDistributor
    function setPaused(address operator, uint32 epoch, bool paused) external {
        PayoutEpoch storage stored = epochs[operator][epoch];
        (uint32 kinds, ) = participants.standingOf(msg.sender);
        bool byRegulator = kinds & ParticipantKinds.REGULATOR != 0;
        bool byOperator = kinds & ParticipantKinds.OPERATOR != 0 && isOperator(operator);
        require(byRegulator || byOperator, CallerNotOperator(msg.sender, operator));
        require(stored.root != 0, EpochUnknown(operator, epoch));

        uint8 bit = byRegulator ? PayoutPause.BY_REGULATOR : PayoutPause.BY_OPERATOR;
        // A regulator ends an operator's pause too; else a hostile one could keep holders waiting for good.
        uint8 bits = paused ? stored.paused | bit : byRegulator ? 0 : stored.paused & ~bit;
        stored.paused = bits;
        emit EpochPausedSet(operator, epoch, bits);
    }

    /// @inheritdoc IPayoutDistributor
    function claim(PayoutClaim calldata claim_, bytes32[] calldata proof) external {
        payOut(claim_, claim_.account, proof);
    }

    /// @inheritdoc IPayoutDistributor
    function claimForRecovered(PayoutClaim calldata claim_, bytes32[] calldata proof) external {
        address current = Succession.currentOf(participants, claim_.account);
        require(current != claim_.account, NotRecovered(claim_.account));
        payOut(claim_, current, proof);
    }

    /// @inheritdoc IPayoutDistributor
    function claimAsDelegate(PayoutClaim calldata claim_, bytes32[] calldata proof) external {
        address current = Succession.currentOf(participants, claim_.account);
        require(delegates[current] == msg.sender, CallerNotDelegate(msg.sender, claim_.account));
        requireCallerKind(ParticipantKinds.PLATFORM);
        payOut(claim_, msg.sender, proof);
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
    function ledgerOf(address operator) external view returns (PayoutLedger memory) {
        return ledgers[operator];
    }

    /// @inheritdoc IPayoutDistributor
    function epochOf(address operator, uint32 epoch) external view returns (PayoutEpoch memory) {
        return epochs[operator][epoch];
    }

    /// @inheritdoc IPayoutDistributor
    function claimedOf(address operator, address account) external view returns (uint256) {
        return claimed[operator][account];
    }

    /// @inheritdoc IPayoutDistributor
    function delegateOf(address account) external view returns (address) {
        return delegates[account];
    }

    function payOut(PayoutClaim calldata claim_, address to, bytes32[] calldata proof) private {
        uint112 total = checkEpoch(claim_, proof);
        uint256 before = claimed[claim_.operator][claim_.account];
        require(claim_.cumulativeAmount > before, NothingToClaim(claim_.account, before));
        uint256 amount = claim_.cumulativeAmount - before;
        PayoutLedger storage ledger = ledgers[claim_.operator];
        uint256 sum = ledger.claimed + amount;
        // The total was paid in when the epoch was announced, so claims never exceed funding.
        require(sum <= total, TotalExceeded(sum, total));

        claimed[claim_.operator][claim_.account] = claim_.cumulativeAmount;
        ledger.claimed = uint112(sum);
        emit Claimed(claim_.operator, claim_.account, to, claim_.epoch, amount);

        token.safeTransfer(to, amount);
    }

    function checkEpoch(PayoutClaim calldata claim_, bytes32[] calldata proof) private view returns (uint112 total) {
        PayoutEpoch storage epoch = epochs[claim_.operator][claim_.epoch];
        bytes32 root = epoch.root;
        require(root != 0, EpochUnknown(claim_.operator, claim_.epoch));
        require(epoch.paused == 0, EpochPaused(claim_.operator, claim_.epoch));
        require(block.timestamp >= epoch.claimableAt, EpochNotClaimable(claim_.epoch, epoch.claimableAt));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(claim_.account, claim_.cumulativeAmount))));
        bool proven = MerkleProof.verifyCalldata(proof, root, leaf);
        require(proven, ProofInvalid(claim_.account, claim_.cumulativeAmount));
        return epoch.total;
    }

    function applyDelay(uint32 delay_) private {
        delay = delay_;
        emit DelaySet(delay_);
    }

    function isOperator(address operator) private view returns (bool) {
        return Succession.currentOf(participants, operator) == msg.sender;
    }

    function requireCallerKind(uint32 kinds) private view {
        require(participants.hasKind(msg.sender, kinds), CallerNotEntitled(msg.sender, kinds));
    }
}
