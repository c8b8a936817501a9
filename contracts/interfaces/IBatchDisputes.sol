// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Provenance} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {
    DisputeRecord,
    DisputeTerms,
    DoubleClaim,
    GramChallenge,
    LeafProof,
    LinkFault,
    Recall,
    Ruling,
    SuspensionDecision,
    TermsFault
} from "../types/Dispute.sol";
import {LeafIndex} from "../types/LeafIndex.sol";

/// @title Challenges and disputes about the leaves of committed batches. Anybody may open them; proofs, not
/// trust, are what counts.
/// @notice Source of the rules: batch format, "Challenges and disputes". Masses and positions are whole
/// milligrams, times unix seconds, bonds base units of settlement cash, which this contract holds as a
/// participant of kind escrow. What is owed is withdrawn, never pushed, so that nobody's refusal holds up
/// a decision. EIP-712 domain ("Microtonne BatchDisputes", "1", chain id, this contract); signatures as
/// `IBatchRegistry.commit` takes them. Every function that takes a proof reverts as
/// `IBatchRegistry.verifyLeaf` where it fails.
interface IBatchDisputes {
    /// @notice Response and ruling take a second at least.
    error TermsIncomplete();
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();
    error NothingOwed(address account);

    /// @notice A double claim takes two to eight leaves.
    error ClaimCountOutOfRange(uint256 count);
    /// @notice Out of order, or the same leaf twice; `position` is 0-based.
    error ClaimsNotAscending(uint256 position);
    /// @notice The leaf at `position` has another activity key than the first one.
    error ActivityKeyDiffers(uint256 position, bytes32 activityKey);
    /// @notice A leaf that was struck makes no claim.
    error LeafNotLive(BatchId batchId, LeafIndex index);
    /// @notice One dispute an activity key at a time.
    error DisputeKnown(bytes32 activityKey);
    /// @notice What was brought along is no open dispute.
    error DisputeUnknown(bytes32 disputeHash);
    error ClaimOutOfRange(uint256 position, uint256 count);
    /// @notice Only the operator that committed the claim's batch, or the wallet that took its place,
    /// answers.
    error CallerNotOperator(address caller, address operator);
    /// @notice The hash is missing.
    error EvidenceMissing();
    /// @notice There is evidence for this claim; it is submitted once.
    error EvidenceKnown(uint256 position);
    error ResponseTimeOver(uint256 endedAt);
    error ResponseTimeOpen(uint256 endsAt);
    error RulingTimeOpen(uint256 endsAt);
    /// @notice The batches are suspended already; what is missing is the ruling.
    error DisputeStalled(bytes32 activityKey);
    /// @notice Deadline and block time in unix seconds.
    error StatementExpired(uint64 deadline, uint256 blockTime);
    /// @notice The ruling is about another dispute, or about other evidence.
    error RulingMismatch(bytes32 disputeHash, bytes30 evidence);
    /// @notice A claim without evidence can't be proven. Bits are positions.
    error ProvenUnanswered(uint8 proven, uint8 answered);
    /// @notice Attesters or methodologies are not those that the batch was committed with.
    error ProvenanceMismatch(BatchId batchId);
    /// @notice Too few of the signers count in a region that the dispute is about.
    error RegionQuorumTooSmall(bytes8 region, uint256 members, uint8 threshold);
    /// @notice Every signer's firm attested this batch.
    error NoIndependentSigner(BatchId batchId);
    /// @notice The signer is an operator of the batches under another wallet.
    error SignerIsParty(address signer);

    /// @notice The proofs show no broken link.
    error LinkWhole(BatchId batchId, LeafIndex index);
    /// @notice The second leaf does not stand right after the first.
    error LeavesNotAdjacent(LeafIndex index, LeafIndex nextIndex);
    /// @notice This link was reported before; whether the batch moves is for a quorum to say.
    error LinkKnown(BatchId batchId, LeafIndex index);
    /// @notice The leaf lies within vintage and methodology.
    error LeafInside(BatchId batchId, LeafIndex index);

    /// @notice No leaf holds this milligram.
    error GramOutOfRange(uint256 position, uint256 totalMilligrams);
    error GramChallenged(BatchId batchId, uint64 position);
    error GramNotChallenged(BatchId batchId, uint64 position);
    /// @notice The leaf opened holds milligrams [start, end), not `position`.
    error OtherGram(uint64 position, uint64 start, uint64 end);
    /// @notice 128 challenges of a batch are open, and the operator answers them first.
    error TooManyChallenges(BatchId batchId);

    /// @notice No leaves or no reason, or as many proofs as leaves are not there.
    error RecallIncomplete();
    /// @notice `position` in the list of leaves is out of order, or not what the proof is about.
    error RecallMismatch(uint256 position);
    /// @notice A statement counts once.
    error StatementUsed(bytes32 digest);
    /// @notice A quorum sets `SuspensionCause.QUORUM` and lifts anything but a shortfall and an order; the
    /// reason's hash must not be 0.
    error DecisionOutOfRange(uint8 causes, bytes32 reasonHash);
    /// @notice A lift names how often causes were set on the batch so far; setting names 0.
    error ImpositionsMismatch(uint16 stated, uint16 counted);

    event TermsSet(DisputeTerms terms);
    event Owed(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, address indexed to, uint256 amount);
    /// @notice `dispute` is what later calls bring along.
    event DoubleClaimOpened(bytes32 indexed activityKey, bytes32 indexed disputeHash, DoubleClaim dispute);
    /// @notice `evidence`: the chain of all evidence afterwards.
    event EvidenceSubmitted(
        bytes32 indexed disputeHash,
        uint256 position,
        bytes32 evidenceHash,
        bytes30 evidence
    );
    event DoubleClaimRuled(bytes32 indexed disputeHash, uint8 proven, address[] signers);
    /// @notice No ruling came in time: the batches of the live claims with evidence are suspended.
    event DoubleClaimStalled(bytes32 indexed disputeHash);
    /// @notice Bits are positions: what this struck, and what keeps (one bit, or none).
    event DoubleClaimClosed(
        bytes32 indexed activityKey,
        bytes32 indexed disputeHash,
        uint256 struck,
        uint256 kept
    );
    event BrokenLinkReported(BatchId indexed batchId, LeafIndex index, LinkFault fault);
    event OutsideMethodologyReported(BatchId indexed batchId, LeafIndex index, TermsFault fault);
    event GramChallengeOpened(
        BatchId indexed batchId,
        uint64 indexed position,
        address indexed challenger,
        uint256 endsAt,
        uint256 bond
    );
    event GramOpened(BatchId indexed batchId, uint64 indexed position, LeafIndex index, bytes leaf);
    event GramUnopened(BatchId indexed batchId, uint64 indexed position);
    event LeavesRecalled(
        BatchId indexed batchId,
        uint32[] leafIndices,
        bytes32 reasonHash,
        address[] signers
    );
    event SuspensionDecided(
        BatchId indexed batchId,
        uint8 causes,
        bool suspended,
        bytes32 reasonHash,
        address[] signers
    );

    /// @notice Binds what is opened later. Restricted by the access manager. Reverts TermsIncomplete.
    function setTerms(DisputeTerms calldata terms_) external;

    /// @notice Pays out what is owed to an account, to the wallet that took its place if it was recovered.
    /// Anybody calls.
    /// @dev Reverts NothingOwed, and as the cash refuses.
    function withdraw(address account) external returns (uint256 amount);

    /// @notice Opens a dispute about live leaves with one activity key, in different batches or at different
    /// indices of one. Charges the bond; nothing is struck yet. What is left of these batches isn't minted
    /// meanwhile.
    /// @param proofs Two to eight, ascending by batch id, then index.
    /// @return disputeHash keccak256(abi.encode(dispute)), the dispute as `DoubleClaimOpened` says it.
    /// @dev Reverts ClaimCountOutOfRange, ClaimsNotAscending, ActivityKeyDiffers, LeafNotLive, DisputeKnown,
    /// TooManyDisputes, and as the cash refuses.
    function openDoubleClaim(LeafProof[] calldata proofs) external returns (bytes32 disputeHash);

    /// @notice The hash of a claim's evidence, once, by the operator that committed its batch, within the
    /// response time: salt, records and the providers' signatures, which the chain can't check. A suspended
    /// operator answers, too.
    /// @dev Reverts DisputeUnknown, ClaimOutOfRange, CallerNotOperator, EvidenceMissing, EvidenceKnown,
    /// ResponseTimeOver.
    function submitEvidence(DoubleClaim calldata dispute, uint256 position, bytes32 evidenceHash) external;

    /// @notice A quorum's decision, when every claim has evidence or the response time is over, be the ruling
    /// time over or not. Of the proven claims that are still live the first committed keeps: the earliest
    /// second, then the smaller batch id, then the lower index; all others are struck. The bond goes back to
    /// the opener: two live leaves with one key were proven when it opened, so it was right even where others
    /// struck them since. Signers are verifiers; each region that the dispute is about has its own threshold
    /// among them, from its own verifier set; the opener and the operators don't sign, and for each
    /// batch one signer at least is of a firm that did not attest it.
    /// @param provenances One a claim.
    /// @dev Reverts DisputeUnknown, ResponseTimeOpen, StatementExpired, RulingMismatch, ProvenUnanswered,
    /// ProvenanceMismatch, RegionQuorumTooSmall, NoIndependentSigner, SignerIsParty, and as
    /// `Quorum.signersOf`.
    function rule(
        DoubleClaim calldata dispute,
        Ruling calldata ruling,
        Provenance[] calldata provenances,
        bytes[] calldata signatures
    ) external;

    /// @notice What happens without a ruling. After the response time claims without evidence lose; where one
    /// with evidence is left it keeps, where none is, all have lost, and the dispute closes. Where several
    /// are left and the ruling time is over too, their batches are suspended (NO_RULING) until a ruling
    /// comes. Anybody calls.
    /// @dev Reverts DisputeUnknown, ResponseTimeOpen, RulingTimeOpen, DisputeStalled.
    function expire(DoubleClaim calldata dispute) external;

    /// @notice Suspends a batch (BROKEN_LINK) whose leaf has a key not below its next key, or another next
    /// key than the key of the leaf after it, or whose last leaf does not end the chain. Once a leaf.
    /// @param next The leaf after it, or nothing where the leaf itself is fault enough.
    /// @dev Reverts LeavesNotAdjacent, LinkWhole, LinkKnown.
    function reportBrokenLink(LeafProof calldata proof, LeafProof[] calldata next) external;

    /// @notice Strikes a leaf whose day lies outside of the vintage, whose methodology is none of the
    /// batch's, or whose day the methodology did not allow as of the commit.
    /// @param provenance Of the batch; needed but where the day lies outside of the vintage.
    /// @dev Reverts ProvenanceMismatch, LeafInside, LeafAlreadyStruck.
    function strikeOutside(LeafProof calldata proof, Provenance calldata provenance) external;

    /// @notice Challenges the operator to open the leaf that holds milligram `position`, for a bond.
    /// @dev Reverts GramOutOfRange, GramChallenged, TooManyChallenges, and as the cash refuses.
    function challengeGram(BatchId batchId, uint64 position) external;

    /// @notice Opens the leaf within the response time. Anybody may, with a copy of the archive; the bond
    /// goes to the batch's operator.
    /// @dev Reverts GramNotChallenged, ResponseTimeOver, OtherGram.
    function openGram(LeafProof calldata proof, uint64 position) external;

    /// @notice After the response time: suspends the batch (UNOPENED_GRAM); the bond goes back. Anybody
    /// calls.
    /// @dev Reverts GramNotChallenged, ResponseTimeOpen.
    function expireGram(BatchId batchId, uint64 position) external;

    /// @notice Strikes leaves by a quorum of the batch's region; those that were struck meanwhile are passed
    /// over. The operator doesn't sign.
    /// @param proofs One a leaf, in order.
    /// @dev Reverts RecallIncomplete, RecallMismatch, StatementExpired, StatementUsed, and as
    /// `Quorum.signersOf`.
    function recall(Recall calldata order, LeafProof[] calldata proofs, bytes[] calldata signatures) external;

    /// @notice Suspends a batch, or lifts causes of its suspension, by a quorum of its region. The operator
    /// doesn't sign. A lift is of what was set when it was signed: causes set since void it.
    /// @dev Reverts DecisionOutOfRange, ImpositionsMismatch, StatementExpired, StatementUsed, BatchUnknown,
    /// and as `Quorum.signersOf`.
    function decideSuspension(SuspensionDecision calldata decision, bytes[] calldata signatures) external;

    function terms() external view returns (DisputeTerms memory);

    /// @notice Base units of settlement cash to withdraw.
    function owedTo(address account) external view returns (uint256);

    /// @notice The open dispute about an activity key; zeros for none.
    function disputeOf(bytes32 activityKey) external view returns (DisputeRecord memory);

    /// @notice Open disputes of a batch that got no ruling in time.
    function stalledDisputesOf(BatchId batchId) external view returns (uint256);

    /// @notice The open challenge of a milligram; zeros for none.
    function challengeOf(BatchId batchId, uint64 position) external view returns (GramChallenge memory);

    /// @notice True where the broken link at this leaf was reported.
    function isLinkReported(BatchId batchId, LeafIndex index) external view returns (bool);

    /// @notice True where a recall or a decision with this digest was carried out.
    function isUsed(bytes32 digest) external view returns (bool);

    /// @notice The EIP-712 digest of `Ruling(bytes32 activityKey,bytes32 disputeHash,bytes30 evidence,uint8
    /// proven,uint64 deadline)`.
    function hashRuling(Ruling calldata ruling) external view returns (bytes32 digest);

    /// @notice The EIP-712 digest of `Recall(uint256 batchId,uint32[] leafIndices,bytes32 reasonHash,uint256
    /// nonce,uint64 deadline)`.
    function hashRecall(Recall calldata order) external view returns (bytes32 digest);

    /// @notice The EIP-712 digest of `SuspensionDecision(uint256 batchId,uint8 causes,bool suspended,uint16
    /// impositions,bytes32 reasonHash,uint256 nonce,uint64 deadline)`.
    function hashDecision(SuspensionDecision calldata decision) external view returns (bytes32 digest);
}
