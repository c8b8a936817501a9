// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";
import {Immobilisation, StoredUnits, UnitBlock} from "../types/ExternalUnit.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ICreditIssuer} from "./ICreditIssuer.sol";

/// @title Credits that stand on units immobilised in other registries. One unit is one tonne: 10^9 mg, 10^18
/// base units.
/// @notice A unit is immobilised by one id at most: of one registry and prefix no two blocks overlap. At all
/// times units · 10^9 = circulating + retired + released · 10^9, in milligrams. Units go both ways: a
/// registry's operator signs units in, and who holds whole units gives them back. Serials count milligrams
/// from the block's first unit: position p lies in unit first + p / 10^9. A spelling of a prefix is for the
/// registry's operator to vouch for: two spellings are two lines here. Source: architecture, "Contracts" and
/// invariant 2; finance, "What went wrong elsewhere".
interface IExternalUnits is ICreditIssuer {
    /// @notice Registry id and document hash must not be zero.
    error StatementIncomplete();
    /// @notice Deadline and block time in unix seconds.
    error StatementExpired(uint64 deadline, uint256 blockTime);
    /// @notice At least one unit, below 2^63 mg in all.
    error UnitsOutOfRange(uint64 first, uint64 end);
    /// @notice The vintage ends before it starts.
    error VintageOutOfRange(Day startDay, Day endDay);
    /// @notice Not two ASCII capitals.
    error CountryMalformed(bytes2 country);
    /// @notice This block was immobilised here before; an id once used is never free again.
    error UnitsKnown(uint256 id);
    error UnitsUnknown(uint256 id);
    /// @notice The block is suspended; `causes` has bits of `UnitSuspension`.
    error UnitsSuspended(uint256 id, uint8 causes);
    /// @notice Fewer milligrams of the block are in circulation than asked for.
    error RetirementExceedsUnits(Milligrams milligrams, Milligrams availableMilligrams);
    /// @notice Between one unit and those that no retirement has begun to use up.
    error ReleaseOutOfRange(uint64 units, uint64 mostUnits);
    /// @notice Where the units go in their own registry must be said.
    error DestinationMissing();
    /// @notice The caller is neither the active operator of this registry nor a regulator.
    error CallerNotEntitled(address caller, bytes32 registryId);
    /// @notice Immobilisations are paused.
    error IssuancePaused();
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    /// @notice `operator` 0: nobody signs for this registry.
    event RegistryOperatorSet(bytes32 indexed registryId, address indexed operator);
    event UnitsImmobilised(
        uint256 indexed id,
        bytes32 indexed registryId,
        address indexed recipient,
        UnitBlock units
    );
    /// @notice Running numbers [first, end) are free: their registry hands them over to the account behind
    /// `destinationHash`.
    event UnitsReleased(
        uint256 indexed id,
        address indexed holder,
        uint64 first,
        uint64 end,
        bytes32 destinationHash
    );
    /// @notice Bits of `UnitSuspension` after a change; 0: the block moves again.
    event SuspensionSet(uint256 indexed id, uint8 causes);
    event PausedSet(bool paused);

    /// @notice Takes a block that its registry's operator signed for, and mints its credits to the recipient.
    /// Anybody hands it in: nothing in it can be changed. It works once, since its id is then known.
    /// @param hint First number of any block of this registry and prefix before this one, nearest is cheapest
    /// (`neighbourOf`); else type(uint64).max.
    /// @param signature 65 bytes (r, s, v) of the operator's key, else 20 bytes of its contract, what its
    /// ERC-1271 `isValidSignature` takes, and a byte 0.
    /// @return id uint256 of the EIP-712 hash of `statement.units`.
    /// @dev Reverts IssuancePaused, StatementExpired, StatementIncomplete, UnitsOutOfRange,
    /// VintageOutOfRange, CountryMalformed, UnitsKnown, SignatureInvalid, SignerNotEntitled, HintUnfit,
    /// RangeTaken, and as `ICarbonCredit.mint`.
    function immobilise(
        Immobilisation calldata statement,
        uint64 hint,
        bytes calldata signature
    ) external returns (uint256 id);

    /// @notice The caller gives back the last `count` units of a block: its credits are burned, then the
    /// units are free and may be immobilised again. The registry acts on the event; it needs no consent of
    /// its own, since nobody else can bring them back here.
    /// @param destinationHash Salted hash of the account over there, not 0.
    /// @dev Reverts UnitsUnknown, UnitsSuspended, DestinationMissing, ReleaseOutOfRange, and as
    /// `ICarbonCredit.burnByIssuer`.
    function release(uint256 id, uint64 count, bytes32 destinationHash) external;

    /// @notice Suspends a block: it is neither transferred, retired nor released. The active operator of its
    /// registry and regulators, each for a cause of their own.
    /// @dev Reverts UnitsUnknown, CallerNotEntitled.
    function suspend(uint256 id) external;

    /// @notice Lifts the caller's cause of suspension. Callers and errors as `suspend`.
    function reinstate(uint256 id) external;

    /// @notice Who signs for a registry: an account of kind registry, 0 for nobody. Restricted by the access
    /// manager. Reverts StatementIncomplete.
    function setRegistryOperator(bytes32 registryId, address operator) external;

    /// @notice Stops or resumes immobilisations, nothing else: release and retirement go on. Restricted by
    /// the access manager.
    function setPaused(bool paused) external;

    /// @notice All zero where the id is unknown.
    function unitsOf(uint256 id) external view returns (StoredUnits memory);

    function isPaused() external view returns (bool);

    /// @notice 0 for nobody.
    function operatorOf(bytes32 registryId) external view returns (address operator);

    /// @notice The last range [previous, end) taken at or before `first`, whose first number is the best hint
    /// for a block there, and the first number of the range after it. type(uint64).max stands for none; end
    /// is 0 then. Walks the whole line: for reading only.
    function neighbourOf(
        bytes32 registryId,
        bytes calldata prefix,
        uint64 first
    ) external view returns (uint64 previous, uint64 end, uint64 next);

    /// @notice The id of a block: its EIP-712 hash with 32 ones on top (`UnitIds`), the same on every chain.
    function idOf(UnitBlock calldata units) external pure returns (uint256 id);

    /// @notice The EIP-712 digest that a registry's operator signs; domain ("Microtonne ExternalUnits", "1",
    /// chain id, this contract), type `Immobilisation(UnitBlock units,address recipient,uint64
    /// deadline)UnitBlock(bytes32 registryId,bytes prefix,uint64 first,uint64 end, uint32
    /// vintageStartDay,uint32 vintageEndDay,bytes8 region,bytes2 hostCountry,bytes32 documentHash)`, without
    /// blanks after commas.
    function hashStatement(Immobilisation calldata statement) external view returns (bytes32 digest);
}
