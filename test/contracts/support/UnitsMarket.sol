// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {ExternalUnits} from "../../../contracts/external/ExternalUnits.sol";
import {Day} from "../../../contracts/types/Day.sol";
import {Immobilisation, UnitBlock} from "../../../contracts/types/ExternalUnit.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {ParticipantKinds} from "../../../contracts/types/Participant.sol";
import {RetirementAmount, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @title Drives external units at random: what is allowed must work, what is not must fail. Keeps its own
/// books beside the chain's.
contract UnitsMarket is SystemBuilder {
    uint256 private constant REGISTRY_KEY = 0x5E1;
    uint256 private constant PARTIES = 3;
    /// Contracts that `build` creates before the external units.
    uint64 private constant CREATED_BEFORE = 6;
    uint64 private constant UNIT = 1e9;
    bytes32 public constant REGISTRY = keccak256("VCS");
    uint64 public constant NUMBERS = 256;
    uint256 public constant LINES = 2;
    address public constant OUTSIDER = address(0xBAD);
    address private constant REGULATOR = address(0x9E9);

    ExternalUnits public units;
    address[] public parties;
    uint256[] public ids;
    Immobilisation[] private statements;

    /// What the books say beside the chain, in whole milligrams and units.
    mapping(uint256 id => uint64) public immobilisedUnits;
    mapping(uint256 id => uint64) public retiredMg;
    mapping(uint256 id => uint64) public releasedUnits;
    mapping(uint256 id => uint8) public causes;
    mapping(uint256 id => uint256) private lineOf;
    mapping(uint256 id => uint64) private firstOf;
    /// The id that a unit is immobilised by; 0: free.
    mapping(uint256 line => mapping(uint64 number => uint256 id)) public ownerOf;
    /// How often each action did what it is for, so that a run that did nothing is noticed.
    uint256 public immobilised;
    uint256 public refusedOverlaps;
    uint256 public released;
    uint256 public retired;

    constructor() {
        vm.warp(1_760_000_000);
        address unitsAt = createdAt(vm.getNonce(address(this)) + CREATED_BEFORE);
        build(address(0xD15), unitsAt);
        units = new ExternalUnits(
            address(manager),
            ExternalUnits.Links(participants, credit, address(retirements))
        );
        assert(address(units) == unitsAt);
        appoint(vm.addr(REGISTRY_KEY), ParticipantKinds.REGISTRY);
        appoint(REGULATOR, ParticipantKinds.REGULATOR);
        units.setRegistryOperator(REGISTRY, vm.addr(REGISTRY_KEY));
        for (uint160 i = 0; i < PARTIES; ++i) {
            parties.push(address(0x1000 + i));
            appoint(parties[i], ParticipantKinds.CORPORATE);
        }
    }

    function token() external view returns (CarbonCredit) {
        return credit;
    }

    function partyCount() external view returns (uint256) {
        return parties.length;
    }

    function idCount() external view returns (uint256) {
        return ids.length;
    }

    function prefixOf(uint256 line) public pure returns (bytes memory) {
        return abi.encodePacked("PROJECT-", uint8(line));
    }

    function immobilise(uint256 line, uint64 first, uint64 length, uint256 to, uint256 hintSeed) external {
        line = line % LINES;
        first = uint64(bound(first, 0, NUMBERS - 1));
        uint64 end = first + uint64(bound(length, 1, 24));
        address recipient = to % 8 == 7 ? OUTSIDER : parties[to % PARTIES];
        Immobilisation memory statement;
        statement.units = UnitBlock(
            REGISTRY,
            prefixOf(line),
            first,
            end,
            Day.wrap(20_000),
            Day.wrap(20_365),
            "",
            "CN",
            keccak256(abi.encode(ids.length, "document"))
        );
        statement.recipient = recipient;
        statement.deadline = uint64(block.timestamp);
        (uint64 hint, bool isFit) = hintFor(line, first, hintSeed);
        bool isFree = true;
        for (uint64 i = first; i < end; ++i) isFree = isFree && ownerOf[line][i] == 0;

        try units.immobilise(statement, hint, sign(statement)) returns (uint256 id) {
            assert(isFree && isFit && recipient != OUTSIDER);
            ids.push(id);
            statements.push(statement);
            immobilisedUnits[id] = end - first;
            (lineOf[id], firstOf[id]) = (line, first);
            for (uint64 i = first; i < end; ++i) ownerOf[line][i] = id;
            ++immobilised;
        } catch {
            assert(!isFree || !isFit || recipient == OUTSIDER);
            if (!isFree) ++refusedOverlaps;
        }
    }

    function handInAgain(uint256 which) external {
        if (ids.length == 0) return;
        Immobilisation memory statement = statements[which % ids.length];
        try units.immobilise(statement, type(uint64).max, sign(statement)) {
            assert(false);
        } catch {}
    }

    function release(uint256 which, uint256 who, uint64 count) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        address holder = parties[who % PARTIES];
        uint256 held = credit.balanceOf(holder, id) / 1e18;
        count = uint64(bound(count, 0, held + 1));
        bool allowed = count > 0 && count <= held && causes[id] == 0;
        vm.prank(holder);
        try units.release(id, count, keccak256("account")) {
            assert(allowed);
            uint64 end = firstOf[id] + immobilisedUnits[id] - releasedUnits[id];
            releasedUnits[id] += count;
            for (uint64 i = end - count; i < end; ++i) delete ownerOf[lineOf[id]][i];
            // No milligram of what was freed had been retired.
            assert(uint256(immobilisedUnits[id] - releasedUnits[id]) * UNIT >= retiredMg[id]);
            ++released;
        } catch {
            assert(!allowed);
        }
    }

    function retire(uint256 which, uint256 who, uint64 milligrams, bytes32 nonce) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        address holder = parties[who % PARTIES];
        uint256 whole = credit.balanceOf(holder, id) / 1e9;
        // Mostly small, or soon there would be nothing left to release.
        milligrams = uint64(bound(milligrams, 0, milligrams % 4 == 0 ? whole + 1 : whole / 8));
        bytes32 retirementId = retirements.retirementIdOf(holder, nonce);
        bool allowed =
            milligrams > 0 &&
                milligrams <= whole &&
                causes[id] == 0 &&
                retirements.recordHashOf(retirementId) == 0;
        RetirementRequest memory request;
        request.nonce = nonce;
        request.beneficiaryHash = keccak256("beneficiary");
        request.purpose = 3;
        request.reportingYear = 2025;
        request.country = "CN";
        request.amounts = new RetirementAmount[](1);
        request.amounts[0] = RetirementAmount(id, Milligrams.wrap(milligrams));
        vm.prank(holder);
        try retirements.retireExternal(request) {
            assert(allowed);
            retiredMg[id] += milligrams;
            ++retired;
        } catch {
            assert(!allowed);
        }
    }

    function transfer(uint256 from, uint256 to, uint256 which, uint256 amount) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        address sender = parties[from % PARTIES];
        uint256 balance = credit.balanceOf(sender, id);
        // Mostly whole units, so that there is something to release; sometimes more than is there.
        amount = bound(amount, 0, balance + balance / 8);
        if (which % 2 == 0) amount -= amount % 1e18;
        bool allowed = amount <= balance && causes[id] == 0;
        vm.prank(sender);
        try credit.safeTransferFrom(sender, parties[to % PARTIES], id, amount, "") {
            assert(allowed);
        } catch {
            assert(!allowed);
        }
    }

    /// @dev Mostly reinstated, or soon nothing would move any more.
    function suspendOrReinstate(uint256 which, uint256 who, uint256 what) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        address caller =
            who % 4 == 0
                ? parties[0]
                : who % 4 == 1
                    ? REGULATOR
                    : vm.addr(REGISTRY_KEY);
        uint8 cause =
            who % 4 == 0
                ? 0
                : who % 4 == 1
                    ? 2
                    : 1;
        vm.prank(caller);
        if (what % 4 == 0) {
            try units.suspend(id) {
                assert(cause != 0);
                causes[id] |= cause;
            } catch {
                assert(cause == 0);
            }
        } else {
            try units.reinstate(id) {
                assert(cause != 0);
                causes[id] &= ~cause;
            } catch {
                assert(cause == 0);
            }
        }
    }

    /// @dev Nobody but the registries moves the accounts.
    function meddle(uint256 who, uint256 which, uint64 milligrams) external {
        if (ids.length == 0) return;
        RetirementAmount[] memory amounts = new RetirementAmount[](1);
        amounts[0] = RetirementAmount(ids[which % ids.length], Milligrams.wrap(milligrams));
        vm.prank(parties[who % PARTIES]);
        try units.recordRetirement(amounts) {
            assert(false);
        } catch {}
    }

    /// @dev The best hint, START, or any number.
    function hintFor(
        uint256 line,
        uint64 first,
        uint256 seed
    ) private view returns (uint64 hint, bool isFit) {
        hint = type(uint64).max;
        if (seed % 4 == 0) hint = uint64(bound(seed >> 8, 0, NUMBERS));
        else if (seed % 4 != 1) (hint, , ) = units.neighbourOf(REGISTRY, prefixOf(line), first);
        if (hint == type(uint64).max) return (hint, true);
        uint256 id = ownerOf[line][hint];
        isFit = hint <= first && id != 0 && firstOf[id] == hint;
    }

    function sign(Immobilisation memory statement) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(REGISTRY_KEY, units.hashStatement(statement));
        return abi.encodePacked(r, s, v);
    }
}
