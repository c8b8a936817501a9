// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HoldLedger, OwnFreeze} from "../../../contracts/holds/HoldLedger.sol";
import {HoldMath} from "../../../contracts/holds/HoldMath.sol";
import {HoldStorage} from "../../../contracts/holds/HoldStorage.sol";
import {FreezeClass, Hold, HoldKind} from "../../../contracts/types/Hold.sol";
import {HoldLedgerCaller} from "../support/HoldLedgerCaller.sol";
import {HoldModel} from "../support/HoldModel.sol";
import {vm} from "../support/Vm.sol";

/// @title The laws of the ledger of holds, after any sequence of what may be done to it.
contract HoldsTest {
    address private constant ANNA = address(0xA);
    address private constant BUYER = address(0xB);
    address private constant NEXT = address(0xC);
    bytes32 private constant COURT = "court";
    bytes32 private constant CUSTOMS = "customs";
    bytes32 private constant LIEN = "lien";

    HoldModel private model;
    HoldLedgerCaller private ledger;

    function setUp() external {
        model = new HoldModel();
        ledger = new HoldLedgerCaller();
        ledger.mint(ANNA, 1, 1_000);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(model);
    }

    function invariant_theLedgerSaysWhatTheListsAddUpTo() external view {
        assert(model.isAsModelled());
    }

    function invariant_heldUnitsAreThere() external view {
        HoldLedgerCaller driven = model.ledger();
        for (uint256 i = 0; i < model.walletCount(); ++i) {
            for (uint256 id = 0; id < model.IDS(); ++id) {
                (uint256 held, ) = driven.wordOf(model.wallets(i), id);
                assert(held <= driven.balanceOf(model.wallets(i), id));
            }
        }
    }

    function invariant_noUnitComesOrGoes() external view {
        HoldLedgerCaller driven = model.ledger();
        for (uint256 id = 0; id < model.IDS(); ++id) {
            uint256 sum = 0;
            for (uint256 i = 0; i < model.walletCount(); ++i) sum += driven.balanceOf(model.wallets(i), id);
            assert(sum == 4_000);
        }
    }

    /// @dev Or the invariants would say nothing.
    function test_randomActionsReachEveryOutcome() external {
        for (uint256 i = 0; i < 600; ++i) drive(uint256(keccak256(abi.encode(i))));
        assert(model.isAsModelled());
        bytes32[12] memory actions = [
            bytes32("transfer"),
            "place",
            "increase",
            "lockFrom",
            "release",
            "end",
            "deliver",
            "attach",
            "prohibit",
            "freezeAll",
            "take",
            "recover"
        ];
        for (uint256 i = 0; i < actions.length; ++i) assert(model.done(actions[i]) > 0);
        assert(model.succeeded() * 5 > model.calls());
    }

    function testFuzz_anyThirtyActionsKeepTheLaws(uint256 seed) external {
        for (uint256 i = 0; i < 30; ++i) drive(uint256(keccak256(abi.encode(seed, i))));
        assert(model.isAsModelled());
    }

    /// @dev The worked example of the design: an attachment ranks behind the lien, a prohibition doesn't.
    function test_anAttachmentStopsTheOwnerAndAProhibitionTheCreditor() external {
        ledger.place(LIEN, 1, Hold(ANNA, 600, HoldKind.Lien, 0, 0));
        ledger.freeze(ANNA, 1, COURT, FreezeClass.Attachment, 700);
        assert(ledger.freeOf(ANNA, 1) == 0 && ledger.enforceableOf(ANNA, 1) == 1_000);
        ledger.deliver(LIEN, BUYER, 1, 600);
        (uint256 held, uint256 frozen) = ledger.wordOf(ANNA, 1);
        assert(ledger.balanceOf(ANNA, 1) == 400 && held == 0 && frozen == 700);
        assert(ledger.freeOf(ANNA, 1) == 0 && ledger.balanceOf(BUYER, 1) == 600);
    }

    function test_aProhibitionLeavesTheCreditorWhatIsNotProhibited() external {
        ledger.place(LIEN, 1, Hold(ANNA, 600, HoldKind.Lien, 0, 0));
        ledger.freeze(ANNA, 1, COURT, FreezeClass.Prohibition, 700);
        assert(ledger.enforceableOf(ANNA, 1) == 300);
        vm.expectRevert(abi.encodeWithSelector(HoldMath.AmountAboveLimit.selector, 301, 300));
        ledger.deliver(LIEN, BUYER, 1, 301);
        ledger.deliver(LIEN, BUYER, 1, 300);
    }

    /// @dev What a lien gives free falls under the attachment by itself.
    function test_whatIsReleasedFallsUnderTheAttachment() external {
        ledger.place(LIEN, 1, Hold(ANNA, 600, HoldKind.Lien, 0, 0));
        ledger.freeze(ANNA, 1, COURT, FreezeClass.Attachment, 700);
        ledger.release(LIEN, 1, 600);
        assert(ledger.freeOf(ANNA, 1) == 300);
    }

    function test_authoritiesDontOverwriteEachOther() external {
        ledger.freezeAll(ANNA, 1, COURT, 700);
        ledger.freezeAll(ANNA, 1, CUSTOMS, 0);
        (, uint256 frozen) = ledger.wordOf(ANNA, 1);
        assert(frozen == 700);
        // Nor does one take what another froze.
        vm.expectRevert(abi.encodeWithSelector(HoldMath.AmountAboveLimit.selector, 301, 300));
        ledger.take(ANNA, BUYER, 1, CUSTOMS, 301);
        ledger.take(ANNA, BUYER, 1, COURT, 301);
        (, frozen) = ledger.wordOf(ANNA, 1);
        assert(frozen == 699);
    }

    function test_overwritingKeepsWhatIsProhibitedAsFarAsThereIsRoom() external {
        ledger.freeze(ANNA, 1, COURT, FreezeClass.Prohibition, 300);
        ledger.freezeAll(ANNA, 1, COURT, 500);
        assert(same(ledger.ownFreezeOf(ANNA, 1, COURT), 200, 300));
        ledger.freezeAll(ANNA, 1, COURT, 100);
        assert(same(ledger.ownFreezeOf(ANNA, 1, COURT), 0, 100));
        ledger.freezeAll(ANNA, 1, COURT, 0);
        assert(same(ledger.ownFreezeOf(ANNA, 1, COURT), 0, 0) && ledger.prohibitedOf(ANNA, 1) == 0);
    }

    /// @dev However many there are: a recovery writes the same words.
    function test_aRecoveryMovesAnyNumberOfHoldsAtTheSamePrice() external {
        uint256 few = gasOfRecovery(2);
        uint256 many = gasOfRecovery(2_840);
        assert(few == many);
    }

    function test_holdsAndFreezesFollowAlongAnyChainOfWallets() external {
        ledger.place(LIEN, 1, Hold(ANNA, 600, HoldKind.Lien, 0, 0));
        ledger.freeze(ANNA, 1, COURT, FreezeClass.Prohibition, 5);
        ledger.freeze(NEXT, 1, COURT, FreezeClass.Attachment, 7);
        ledger.recover(ANNA, NEXT, 1);
        ledger.recover(NEXT, BUYER, 1);
        assert(ledger.holderOf(LIEN, 1) == BUYER && ledger.prohibitedOf(BUYER, 1) == 5);
        assert(same(ledger.ownFreezeOf(BUYER, 1, COURT), 7, 5));
        ledger.freezeAll(ANNA, 1, COURT, 0);
        (uint256 held, uint256 frozen) = ledger.wordOf(BUYER, 1);
        assert(held == 600 && frozen == 0 && ledger.prohibitedOf(BUYER, 1) == 0);
        ledger.release(LIEN, 1, 600);
        assert(ledger.freeOf(BUYER, 1) == 1_000 && ledger.holdOf(LIEN).holder == BUYER);
    }

    /// @dev A lock from a lien that ends gives back to the lien, never to the borrower.
    function test_aLockFromALienGoesBackToIt() external {
        ledger.place(LIEN, 1, Hold(ANNA, 600, HoldKind.Lien, 0, 0));
        ledger.lockFrom(LIEN, "lock", 1, 600);
        (uint256 held, ) = ledger.wordOf(ANNA, 1);
        assert(held == 600 && ledger.holdOf(LIEN).amount == 0);
        ledger.recover(ANNA, NEXT, 1);
        ledger.end("lock", 1);
        assert(ledger.freeOf(NEXT, 1) == 400 && ledger.holdOf(LIEN).amount == 600);
        assert(ledger.holderOf(LIEN, 1) == NEXT);
    }

    function test_anIdIsUsedOnce() external {
        Hold memory hold = Hold(ANNA, 1, HoldKind.Lock, 5, 0);
        ledger.place("lock", 1, hold);
        ledger.end("lock", 1);
        vm.expectRevert(abi.encodeWithSelector(HoldLedger.HoldKnown.selector, bytes32("lock")));
        ledger.place("lock", 1, hold);
        vm.expectRevert(abi.encodeWithSelector(HoldLedger.HoldUnknown.selector, bytes32("lock")));
        ledger.end("lock", 1);
    }

    function test_aFreezeThatNoWordHasRoomForIsRefused() external {
        uint256 most = HoldLedger.MAX_FREEZE;
        ledger.freezeAll(ANNA, 1, COURT, most);
        ledger.freezeAll(ANNA, 1, CUSTOMS, most);
        (, uint256 frozen) = ledger.wordOf(ANNA, 1);
        assert(frozen == 2 * most);
        vm.expectRevert(abi.encodeWithSelector(HoldLedger.FreezeTooLarge.selector, most + 1));
        ledger.freezeAll(ANNA, 1, COURT, most + 1);
    }

    function test_thePlaceOfTheLedgerIsItsNamespace() external pure {
        uint256 name = uint256(keccak256("microtonne.storage.Holds")) - 1;
        assert(HoldStorage.LOCATION == keccak256(abi.encode(name)) & ~bytes32(uint256(0xff)));
    }

    function drive(uint256 x) private {
        (uint256 a, uint256 b, uint256 c, uint256 d) = (
            uint64(x >> 8),
            uint64(x >> 72),
            uint64(x >> 136),
            uint64(x >> 200)
        );
        uint256 way = x % 13;
        if (way == 0) model.transfer(a, b, c, d);
        else if (way == 1) model.place(a, b, c, d % 2 == 0, d % 3 == 0);
        else if (way == 2) model.increase(a, b);
        else if (way == 3) model.lockFrom(a, b);
        else if (way == 4) model.release(a, b);
        else if (way == 5) model.end(a);
        else if (way == 6) model.deliver(a, b, c);
        else if (way == 7) model.freeze(a, b, c, d % 2 == 0, d % 5 == 0 ? d : 2 + 4 * (d % 300));
        else if (way == 8) model.freezeAll(a, b, c, d % 3 == 0 ? 0 : d);
        else if (way == 9) model.take(a, b, c, d, x >> 128);
        else if (way == 10) model.lose(a);
        else model.recover(a, b);
    }

    function gasOfRecovery(uint256 count) private returns (uint256 used) {
        HoldLedgerCaller fresh = new HoldLedgerCaller();
        fresh.mint(ANNA, 1, count);
        for (uint256 i = 0; i < count; ++i)
            fresh.place(keccak256(abi.encode(i)), 1, Hold(ANNA, 1, HoldKind.Lien, 0, 0));
        used = gasleft();
        fresh.recover(ANNA, NEXT, 1);
        used -= gasleft();
        (uint256 held, ) = fresh.wordOf(NEXT, 1);
        assert(held == count);
    }

    function same(OwnFreeze memory own, uint256 attached, uint256 prohibited) private pure returns (bool) {
        return own.attached == attached && own.prohibited == prohibited;
    }
}
