// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICarbonPool} from "../interfaces/ICarbonPool.sol";
import {Ascending} from "../libraries/Ascending.sol";
import {CivilYear} from "../libraries/CivilYear.sol";
import {Provenances} from "../libraries/Provenances.sol";
import {Serials} from "../libraries/Serials.sol";
import {Provenance} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {Day} from "../types/Day.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {PoolTerms} from "../types/Pool.sol";

/// @title What a pool takes in and what it charges. See ICarbonPool.
abstract contract PoolRules is ICarbonPool {
    uint256 private constant WHOLE_BPS = 10_000;
    /// The last year whose days all have a place in the order of batches.
    uint16 private constant MAX_YEAR = 2_148;

    IBatchRegistry public immutable batches;
    ICarbonCredit public immutable credit;
    uint16 private immutable firstYear;
    uint16 private immutable lastYear;
    uint32 private immutable maxAgeDays;
    uint8 private immutable minAttesters;
    uint16 private immutable capBps;
    Milligrams private immutable capFloorMg;
    uint16 private immutable choiceFeeBps;
    address internal immutable feeCollector;
    bool private immutable anyRegion;

    mapping(bytes32 methodologyId => bool) private methodologies;
    mapping(bytes8 region => bool) private regions;

    constructor(IBatchRegistry batches_, ICarbonCredit credit_, PoolTerms memory terms_) {
        require(address(batches_) != address(0) && address(credit_) != address(0), ZeroDependency());
        bool yearsInOrder = terms_.firstYear <= terms_.lastYear && terms_.lastYear <= MAX_YEAR;
        require(yearsInOrder, YearsOutOfRange(terms_.firstYear, terms_.lastYear));
        require(terms_.capBps > 0 && terms_.capBps <= WHOLE_BPS, CapOutOfRange(terms_.capBps));
        require(terms_.choiceFeeBps <= WHOLE_BPS, FeeOutOfRange(terms_.choiceFeeBps));
        require(terms_.choiceFeeBps == 0 || terms_.feeCollector != address(0), FeeCollectorMissing());
        batches = batches_;
        credit = credit_;
        firstYear = terms_.firstYear;
        lastYear = terms_.lastYear;
        maxAgeDays = terms_.maxAgeDays;
        minAttesters = terms_.minAttesters;
        capBps = terms_.capBps;
        capFloorMg = terms_.capFloorMg;
        choiceFeeBps = terms_.choiceFeeBps;
        feeCollector = terms_.feeCollector;
        anyRegion = terms_.regions.length == 0;
        admitAll(terms_.methodologyIds, terms_.regions);
    }

    /// @inheritdoc ICarbonPool
    function terms() external view returns (PoolTerms memory terms_) {
        terms_.firstYear = firstYear;
        terms_.lastYear = lastYear;
        terms_.maxAgeDays = maxAgeDays;
        terms_.minAttesters = minAttesters;
        terms_.capBps = capBps;
        terms_.capFloorMg = capFloorMg;
        terms_.choiceFeeBps = choiceFeeBps;
        terms_.feeCollector = feeCollector;
    }

    /// @inheritdoc ICarbonPool
    function admitsMethodology(bytes32 methodologyId) external view returns (bool) {
        return methodologies[methodologyId];
    }

    /// @inheritdoc ICarbonPool
    function admitsRegion(bytes8 region) public view returns (bool) {
        return anyRegion || regions[region];
    }

    /// @inheritdoc ICarbonPool
    function choiceFeeUp(Milligrams milligrams) public view returns (uint256 feeMg) {
        return Math.ceilDiv(uint256(Milligrams.unwrap(milligrams)) * choiceFeeBps, WHOLE_BPS);
    }

    /// @dev What never changes about a batch: asked once.
    /// @return vintageEndDay Days since 1970-01-01.
    function checkBatch(
        BatchId batchId,
        Provenance calldata provenance
    ) internal view returns (Day vintageEndDay) {
        bytes32 hash;
        bytes8 region;
        (hash, vintageEndDay, region) = batches.originOf(batchId);
        require(hash == Provenances.hashOf(provenance), ProvenanceMismatch(batchId));
        for (uint256 i = 0; i < provenance.methodologyIds.length; ++i) {
            bytes32 id = provenance.methodologyIds[i];
            require(methodologies[id], MethodologyNotAdmitted(batchId, id));
        }
        uint256 attesters = provenance.attesters.length;
        require(attesters >= minAttesters, TooFewAttesters(batchId, attesters, minAttesters));
        require(admitsRegion(region), RegionNotAdmitted(batchId, region));
        // A vintage lies within one year.
        uint256 year = CivilYear.yearOf(vintageEndDay);
        require(year >= firstYear && year <= lastYear, VintageNotAdmitted(batchId, year));
    }

    /// @dev What is asked at every deposit.
    /// @param amount Base units that come in.
    /// @param supply Shares before it.
    function checkDeposit(BatchId batchId, Day vintageEndDay, uint256 amount, uint256 supply) internal view {
        // What is about to be struck is not to be left to others.
        require(batches.openDisputesOf(batchId) == 0, BatchDisputed(batchId));
        uint256 endDay = Day.unwrap(vintageEndDay);
        uint256 lastDay;
        unchecked {
            // Both are below 2^32.
            lastDay = endDay + maxAgeDays;
        }
        require(
            maxAgeDays == 0 || block.timestamp / 1 days <= lastDay,
            BatchTooOld(batchId, endDay, lastDay)
        );
        if (capBps == WHOLE_BPS) return;
        uint256 held = heldOf(batchId) + amount;
        uint256 cap = Math.max(Serials.toBaseUnits(capFloorMg), ((supply + amount) * capBps) / WHOLE_BPS);
        require(held <= cap, ConcentrationExceeded(batchId, held, cap));
    }

    /// @dev Base units of a batch that stand behind shares. Credits come in by deposits only, so this is no
    /// more than was deposited.
    function heldOf(BatchId batchId) internal view returns (uint256) {
        return credit.balanceOf(address(this), BatchId.unwrap(batchId));
    }

    function admitAll(bytes32[] memory methodologyIds, bytes8[] memory regions_) private {
        require(methodologyIds.length > 0 && Ascending.isStrict(methodologyIds), ListNotAscending());
        require(Ascending.isStrict(regions_), ListNotAscending());
        for (uint256 i = 0; i < methodologyIds.length; ++i) methodologies[methodologyIds[i]] = true;
        for (uint256 i = 0; i < regions_.length; ++i) regions[regions_[i]] = true;
    }
}
