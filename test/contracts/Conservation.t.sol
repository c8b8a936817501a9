// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchRegistry} from "../../contracts/batches/BatchRegistry.sol";
import {CarbonCredit} from "../../contracts/credits/CarbonCredit.sol";
import {RetirementRegistry} from "../../contracts/retirements/RetirementRegistry.sol";
import {Batch} from "../../contracts/types/Batch.sol";
import {Market} from "./support/Market.sol";

/// @title What holds after any sequence of commits, mints, transfers, retirements and suspensions.
contract ConservationTest {
    Market private market;
    BatchRegistry private batches;
    CarbonCredit private credit;
    RetirementRegistry private retirements;

    function setUp() external {
        market = new Market();
        (, batches, credit, retirements) = market.contracts();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(market);
    }

    function invariant_totalShortfallAndReplacedEqualMintedUnmintedAndStruck() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(market.batchIds(i));
            uint256 claims = uint256(batch.totalMg) + batch.shortfallMg + batch.replacedMg;
            assert(claims == uint256(batch.mintedMg) + batch.unmintedMg + batch.struckMg);
        }
    }

    function invariant_mintedEqualsCirculatingAndRetired() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(market.batchIds(i));
            uint256 circulating = credit.totalSupply(market.batchIds(i));
            assert(uint256(batch.mintedMg) * 1e9 == circulating + uint256(batch.retiredMg) * 1e9);
        }
    }

    function invariant_balancesAddUpToTheSupply() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            uint256 sum = 0;
            for (uint256 k = 0; k < market.partyCount(); ++k) sum += credit.balanceOf(market.parties(k), batchId);
            assert(sum == credit.totalSupply(batchId));
        }
    }

    function invariant_bufferIsNeverMinted() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            Batch memory batch = batches.batchOf(market.batchIds(i));
            assert(batch.mintedMg == 0 || batch.mintedMg == batch.totalMg - batch.bufferMg);
            assert(batch.unmintedMg >= batch.bufferMg);
        }
    }

    function invariant_onlyParticipantsHold() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) assert(credit.balanceOf(market.OUTSIDER(), market.batchIds(i)) == 0);
    }

    function invariant_cursorIsWhatWasRetired() external view {
        for (uint256 i = 0; i < market.batchCount(); ++i) {
            uint256 batchId = market.batchIds(i);
            assert(batches.batchOf(batchId).retiredMg == market.retiredMg(batchId));
        }
    }

    function invariant_retirementRecordsNeverChange() external view {
        for (uint256 i = 0; i < market.retirementCount(); ++i) {
            bytes32 id = market.retirementIds(i);
            assert(retirements.recordHashOf(id) != 0 && retirements.recordHashOf(id) == market.recordHashes(id));
        }
    }
}
