// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityFreeze, FreezeClass, Hold, LockTerms} from "../types/Hold.sol";
import {LienConsent, LienTerms} from "../types/Lien.sol";

/// @title Liens, locks and freezes on the units of a token, by account and id (0 in a fungible token).
/// @notice A lien or a lock needs free units, a freeze needs none and may exceed the balance. What an owner
/// moves, retires, pledges or locks is at most balance - frozen - held. A freeze of class attachment ranks
/// behind what was held before it and stops the owner only; one of class prohibition stops enforcement and
/// deliveries, too. Amounts are base units. Source: design, "One ledger of holds".
interface IHolds {
    /// @notice The caller (or the agent that is named) is no active participant of the kind that this needs
    /// (bits of `ParticipantKinds`).
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice Malformed, of high s, or not accepted by the contract that it names; 0 the holder's, 1 the
    /// beneficiary's.
    error SignatureInvalid(uint256 position);
    /// @notice More than may be taken: than is free where units are pledged or locked, than is not prohibited
    /// where they are enforced or delivered, than neither is held nor was frozen by others where an
    /// authority takes.
    error AmountAboveLimit(uint256 amount, uint256 limit);
    /// @notice An id is used once, whatever became of the hold.
    error HoldKnown(bytes32 holdId);
    /// @notice Never placed, or ended, or not of this holder and id.
    error HoldUnknown(bytes32 holdId);
    /// @notice Nothing, or more than is still held.
    error HoldExceeded(bytes32 holdId, uint256 amount, uint256 held);
    /// @notice The caller is neither party nor agent of this hold.
    error CallerNotPartyToHold(address caller, bytes32 holdId);
    /// @notice Amount must not be zero, beneficiary must be active and not the holder, agent 0 or of kind
    /// lien agent; a fungible token's id is 0.
    error LienIncomplete();
    /// @notice Amount must not be zero, agent must be of kind settlement, the expiry to come and no later
    /// than `maxLockSeconds` from now; a fungible token's id is 0.
    error LockIncomplete();
    /// @notice `party` neither calls nor signed what is placed.
    error ConsentMissing(address party);
    /// @notice Unix seconds up to and including which it held.
    error ConsentExpired(uint256 deadline);
    /// @notice More than was agreed.
    error ConsentExceeded(uint256 amount, uint256 maxAmount);
    /// @notice From `expiry` on, unix seconds, a lock is delivered no more.
    error LockExpired(uint256 expiry);
    /// @notice Until `expiry`, unix seconds, only its agent ends a lock.
    error LockStanding(uint256 expiry);
    /// @notice An order has a hash, not 0.
    error OrderHashMissing();
    /// @notice One authority freezes at most 2^120 - 1 of a class.
    error FreezeTooLarge(uint256 amount);
    /// @notice What a pool holds backs its shares: it can't be frozen, pledged or moved by force. Act on the
    /// shares, or suspend the batch.
    error HeldByPool(address pool);

    event LienPlaced(
        bytes32 indexed lienId,
        address indexed holder,
        uint256 indexed tokenId,
        LienTerms terms,
        uint256 amount
    );
    /// @notice `left`: base units still pledged.
    event LienReduced(
        bytes32 indexed lienId,
        address indexed holder,
        uint256 indexed tokenId,
        uint256 amount,
        uint256 left
    );
    event LienEnforced(
        bytes32 indexed lienId,
        address indexed holder,
        address indexed to,
        uint256 tokenId,
        uint256 amount
    );
    /// @notice `holder`: whose units they are now. Where `terms.origin` is not 0, the lien went down by as
    /// much.
    event LockPlaced(
        bytes32 indexed lockId,
        address indexed holder,
        uint256 indexed tokenId,
        LockTerms terms
    );
    /// @notice `left`: base units still locked.
    event LockDelivered(
        bytes32 indexed lockId,
        address indexed holder,
        address indexed to,
        uint256 tokenId,
        uint256 amount,
        uint256 left
    );
    /// @notice What was left is free again, or back in the lien `origin`.
    event LockEnded(
        bytes32 indexed lockId,
        address indexed holder,
        uint256 indexed tokenId,
        uint256 amount,
        bytes32 origin
    );
    /// @notice What an authority froze by its latest order of this class; `amount` is all of the class.
    event FrozenByOrder(
        bytes32 indexed orderHash,
        address indexed account,
        uint256 indexed tokenId,
        bytes32 firm,
        FreezeClass freezeClass,
        uint256 amount
    );
    event MaxLockSecondsSet(uint32 maxLockSeconds);

    /// @notice Pledges free units of the holder. Holder and beneficiary each call or sign.
    /// @param consent Its terms' holder, id, beneficiary and agent.
    /// @param amount At most `consent.maxAmount`.
    /// @param holderSignature As quorums take one (65 bytes of a key; of a contract 20 bytes of its address,
    /// what its ERC-1271 takes, a byte 0), over `hashLienConsent`; empty where the holder calls.
    /// @param beneficiarySignature The same of the beneficiary.
    /// @return lienId keccak256(abi.encode(consent.terms)).
    /// @dev Reverts ConsentMissing, ConsentExpired, ConsentExceeded, LienIncomplete, HoldKnown, HeldByPool,
    /// CallerNotEntitled for the agent, ERC7943CannotSend, TransferSuspended, AmountAboveLimit,
    /// SignatureInvalid. No approval (`isApprovedForAll`) stands for a consent.
    function placeLien(
        LienConsent calldata consent,
        uint256 amount,
        bytes calldata holderSignature,
        bytes calldata beneficiarySignature
    ) external returns (bytes32 lienId);

    /// @notice Pledges more under a live lien. Its present holder only.
    /// @dev Reverts HoldUnknown, CallerNotPartyToHold, ERC7943CannotSend, LienIncomplete, TransferSuspended,
    /// AmountAboveLimit.
    function increaseLien(LienTerms calldata terms, uint256 amount) external;

    /// @notice Gives pledged units free, wholly or in part, at any time. The beneficiary (or the wallet that
    /// took its place, or the contract that succeeded it) or the agent (or its successor), while active.
    /// Neither a pause nor a suspension nor a freeze stops it.
    /// @dev Reverts CallerNotPartyToHold, CallerNotEntitled for an agent that no longer is one, HoldUnknown,
    /// HoldExceeded.
    function releaseLien(LienTerms calldata terms, uint256 amount) external;

    /// @notice Moves pledged units to `to`, an active liquidator, and reduces the lien by as much. The agent
    /// or its successor only. Not while suspended; neither a pause nor an attachment stops it.
    /// @dev Reverts CallerNotPartyToHold, CallerNotEntitled, HoldUnknown, HoldExceeded, TransferSuspended,
    /// ERC7943CannotReceive, AmountAboveLimit for what is prohibited.
    function enforceLien(LienTerms calldata terms, address to, uint256 amount) external;

    /// @notice Locks free units for a settlement contract. The holder calls, or the agent with the holder's
    /// signature over `hashLock`.
    /// @return lockId keccak256(abi.encode(terms)).
    /// @dev Reverts CallerNotPartyToHold, ConsentMissing, LockIncomplete, HoldKnown, HeldByPool,
    /// ERC7943CannotSend, TransferSuspended, AmountAboveLimit, SignatureInvalid.
    function placeLock(LockTerms calldata terms, bytes calldata signature) external returns (bytes32 lockId);

    /// @notice Locks pledged units for a settlement contract, to be delivered to any buyer. The lien's agent
    /// or its successor only. What is not delivered goes back to the lien.
    /// @param terms Its origin is the lien's id, its holder who holds the lien's units now.
    /// @dev Reverts CallerNotPartyToHold, CallerNotEntitled, LockIncomplete, HoldKnown, HoldUnknown,
    /// HoldExceeded, TransferSuspended.
    function placeLockFromLien(
        LockTerms calldata terms,
        LienTerms calldata lien
    ) external returns (bytes32 lockId);

    /// @notice Moves locked units to `to`, active and no pool; no receiver hook is called, since every
    /// receiver is a registered participant. The agent or its successor only, before the expiry, whatever
    /// the holder's status. Not while suspended; neither a pause nor an attachment stops it.
    /// @dev Reverts CallerNotPartyToHold, CallerNotEntitled, LockExpired, HoldUnknown, HoldExceeded,
    /// TransferSuspended, ERC7943CannotReceive, AmountAboveLimit for what is prohibited.
    function deliverLock(LockTerms calldata terms, address to, uint256 amount) external;

    /// @notice Ends a lock: by its agent (or successor) at any time, from its expiry on by anybody. What is
    /// left is free again, or goes back to the lien that it came from. Neither a pause nor a suspension nor a
    /// freeze stops it; until then an expired lock counts.
    /// @dev Reverts LockStanding, HoldUnknown, HoldExceeded.
    function endLock(LockTerms calldata terms) external;

    /// @notice Overwrites what the caller's authority froze of one class. Regulators only; wallets of one
    /// firm are one authority.
    /// @param orderHash Salted hash of the order, not 0.
    /// @param amount All that the authority freezes of this class from then on; 0 lifts.
    /// @dev Reverts CallerNotEntitled, OrderHashMissing, FreezeTooLarge, HeldByPool.
    function freezeByOrder(
        bytes32 orderHash,
        FreezeClass freezeClass,
        address account,
        uint256 tokenId,
        uint256 amount
    ) external;

    /// @notice A lock lives at most so long; for locks from then on. Restricted by the access manager.
    function setMaxLockSeconds(uint32 maxLockSeconds) external;

    /// @notice Who holds and how much; all zero where never placed, amount 0 where it ended.
    function holdOf(bytes32 holdId, uint256 tokenId) external view returns (Hold memory);

    /// @notice Σ live liens and locks of an account on an id.
    function heldOf(address account, uint256 tokenId) external view returns (uint256);

    /// @notice Frozen + held; may exceed the balance.
    function encumberedOf(address account, uint256 tokenId) external view returns (uint256);

    /// @notice The part of what is frozen that is prohibited.
    function prohibitedOf(address account, uint256 tokenId) external view returns (uint256);

    /// @notice What one authority froze, also in wallets whose holding came to this one.
    function frozenByOf(
        address account,
        uint256 tokenId,
        bytes32 firm
    ) external view returns (AuthorityFreeze memory);

    function maxLockSeconds() external view returns (uint32);

    function lienIdOf(LienTerms calldata terms) external pure returns (bytes32);

    function lockIdOf(LockTerms calldata terms) external pure returns (bytes32);

    /// @notice The EIP-712 digest that holder and beneficiary sign; domain ("Microtonne Holds", "1", chain
    /// id, this contract), type `LienConsent(LienTerms terms,uint256 maxAmount,uint64
    /// deadline)LienTerms(address holder,uint256 tokenId,address beneficiary,address agent,bytes32
    /// agreementHash)`.
    function hashLienConsent(LienConsent calldata consent) external view returns (bytes32);

    /// @notice The EIP-712 digest that a holder signs; the same domain, type `LockTerms(address
    /// holder,uint256 tokenId,uint256 amount,address agent,uint40 expiry,bytes32 origin,bytes32
    /// instructionHash)`.
    function hashLock(LockTerms calldata terms) external view returns (bytes32);
}
