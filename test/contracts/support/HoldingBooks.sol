// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CarbonCredit} from "../../../contracts/credits/CarbonCredit.sol";
import {LienTerms} from "../../../contracts/types/Lien.sol";
import {ParticipantKinds, Recovery} from "../../../contracts/types/Participant.sol";
import {SystemBuilder} from "./SystemBuilder.sol";
import {bound, vm} from "./Vm.sol";

/// @title Who has how much, frozen and pledged: books kept beside the token's, in the plainest way. Stands
/// for the external units, which mint.
abstract contract HoldingBooks is SystemBuilder {
    uint256 internal constant BANK_KEY = 0xBA2C;
    address internal immutable BANK = vm.addr(BANK_KEY);
    address internal constant AGENT = address(0xA6E27);
    address internal constant LIQUIDATOR = address(0x119);
    address internal constant REGULATOR = address(0x4E6);
    address internal constant FRIEND = address(0xF41E2D);
    uint256 internal constant GUARDIAN_KEY = 0x6A4D;
    uint256 internal constant IDS = 2;
    uint256 internal constant HELD = 1_000e9;

    address[] public wallets;
    bytes32[] public lienIds;
    mapping(bytes32 id => LienTerms) internal termsOf;
    mapping(bytes32 id => address) internal holderOf;
    mapping(bytes32 id => uint256) public pledged;
    mapping(bytes32 id => bool) public used;
    mapping(address account => mapping(uint256 batchId => uint256)) public frozen;
    /// The part of frozen that stops enforcement, too.
    mapping(address account => mapping(uint256 batchId => uint256)) public prohibited;
    mapping(address lost => mapping(uint256 batchId => address)) private went;
    mapping(address account => mapping(uint256 batchId => uint256)) public balance;
    mapping(uint256 batchId => uint256) public circulatingOf;

    constructor() {
        vm.warp(1_760_000_000);
        build(address(this), address(this));
        appoint(BANK, ParticipantKinds.BANK);
        appoint(AGENT, ParticipantKinds.LIEN_AGENT);
        appoint(REGULATOR, ParticipantKinds.REGULATOR);
        appoint(vm.addr(GUARDIAN_KEY), ParticipantKinds.GUARDIAN);
        appoint(LIQUIDATOR, ParticipantKinds.LIQUIDATOR);
        wallets.push(LIQUIDATOR);
        for (uint256 i = 0; i < 4; ++i) {
            address holder = newWallet();
            appoint(holder, ParticipantKinds.CORPORATE);
            for (uint256 k = 0; k < IDS; ++k) {
                circulatingOf[idOf(k)] += HELD;
                credit.mint(holder, idOf(k), HELD);
                balance[holder][idOf(k)] = HELD;
            }
        }
    }

    function token() external view returns (CarbonCredit) {
        return credit;
    }

    function walletCount() public view returns (uint256) {
        return wallets.length;
    }

    function lienCount() public view returns (uint256) {
        return lienIds.length;
    }

    function idOf(uint256 which) public pure returns (uint256) {
        return 1 + (which % IDS);
    }

    /// @notice Sum of the account's liens, lien by lien.
    function pledgedOf(address account, uint256 batchId) public view returns (uint256 sum) {
        for (uint256 i = 0; i < lienIds.length; ++i) {
            bytes32 id = lienIds[i];
            if (holderOf[id] == account && termsOf[id].tokenId == batchId) sum += pledged[id];
        }
    }

    function encumberedOf(address account, uint256 batchId) public view returns (uint256 sum) {
        return frozen[account][batchId] + pledgedOf(account, batchId);
    }

    function freeOf(address account, uint256 batchId) internal view returns (uint256) {
        uint256 encumbered = encumberedOf(account, batchId);
        return balance[account][batchId] > encumbered ? balance[account][batchId] - encumbered : 0;
    }

    function enforceableOf(address account, uint256 batchId) internal view returns (uint256) {
        (uint256 held, uint256 amount) = (balance[account][batchId], prohibited[account][batchId]);
        return held > amount ? held - amount : 0;
    }

    function unpledgedOf(address account, uint256 batchId) internal view returns (uint256) {
        return balance[account][batchId] - pledgedOf(account, batchId);
    }

    function mayMove(address from, address to, uint256 batchId, uint256 amount) internal view returns (bool) {
        bool open = !credit.isPaused() && !credit.isSuspended(batchId);
        return
            open &&
            participants.isActive(from) &&
            participants.isActive(to) &&
            amount <= freeOf(from, batchId);
    }

    /// @dev Bit i of `order` names the id of entry i, of four.
    function maySend(
        address from,
        address to,
        uint8 order,
        uint256[2] memory sums
    ) internal view returns (bool allowed) {
        allowed = true;
        for (uint256 k = 0; k < IDS; ++k) {
            bool named = k == 0 ? order & 15 != 15 : order & 15 != 0;
            if (named && !mayMove(from, to, idOf(k), sums[k])) allowed = false;
        }
    }

    /// @dev Amounts about the edges that count: what is free, and what is there.
    function near(uint256 amount, uint256 free, uint256 held) internal pure returns (uint256) {
        uint256 way = amount % 4;
        if (way == 0) return free;
        if (way == 1) return free + 1;
        return bound(amount / 4, 0, way == 2 ? free : held + held / 8);
    }

    function wallet(uint256 who) internal view returns (address) {
        return wallets[who % wallets.length];
    }

    function newWallet() internal returns (address account) {
        account = address(uint160(0x1000 + wallets.length));
        wallets.push(account);
    }

    function lienAt(
        uint256 which
    ) internal view returns (bytes32 id, LienTerms memory terms, address holder, uint256 left) {
        id = lienIds[which % lienIds.length];
        return (id, termsOf[id], holderOf[id], pledged[id]);
    }

    function lienOf(bytes32 id) external view returns (uint256 left, address holder, uint256 batchId) {
        return (pledged[id], holderOf[id], termsOf[id].tokenId);
    }

    function liensOf(address account, uint256 batchId) internal view returns (LienTerms[] memory liens) {
        LienTerms[] memory found = new LienTerms[](lienIds.length);
        uint256 count = 0;
        for (uint256 i = 0; i < lienIds.length; ++i) {
            bytes32 id = lienIds[i];
            if (holderOf[id] == account && termsOf[id].tokenId == batchId && pledged[id] > 0)
                found[count++] = termsOf[id];
        }
        liens = new LienTerms[](count);
        for (uint256 i = 0; i < count; ++i) liens[i] = found[i];
    }

    function remember(bytes32 id, LienTerms memory terms, uint256 amount) internal {
        lienIds.push(id);
        used[id] = true;
        termsOf[id] = terms;
        holderOf[id] = terms.holder;
        pledged[id] = amount;
    }

    function book(address from, address to, uint256 batchId, uint256 amount) internal {
        balance[from][batchId] -= amount;
        if (to == address(0)) circulatingOf[batchId] -= amount;
        else balance[to][batchId] += amount;
    }

    /// @dev The freeze goes down by what is not free otherwise.
    function bookForced(address from, address to, uint256 batchId, uint256 amount) internal {
        uint256 free = freeOf(from, batchId);
        if (amount > free) bookFreeze(from, batchId, frozen[from][batchId] - (amount - free));
        book(from, to, batchId, amount);
    }

    /// @dev What was prohibited stays so as far as there is room: attachments go first.
    function bookFreeze(address account, uint256 batchId, uint256 amount) internal {
        frozen[account][batchId] = amount;
        if (prohibited[account][batchId] > amount) prohibited[account][batchId] = amount;
    }

    /// @dev A freeze of a wallet whose holding moved is one where it lies.
    function whereNow(address account, uint256 batchId) internal view returns (address) {
        while (went[account][batchId] != address(0)) account = went[account][batchId];
        return account;
    }

    function bookRecovery(address lost, address replacement, uint256 batchId) internal {
        if (went[lost][batchId] == address(0)) went[lost][batchId] = replacement;
        frozen[replacement][batchId] += frozen[lost][batchId];
        prohibited[replacement][batchId] += prohibited[lost][batchId];
        (frozen[lost][batchId], prohibited[lost][batchId]) = (0, 0);
        for (uint256 i = 0; i < lienIds.length; ++i) {
            bytes32 id = lienIds[i];
            if (holderOf[id] == lost && termsOf[id].tokenId == batchId && pledged[id] > 0)
                holderOf[id] = replacement;
        }
        book(lost, replacement, batchId, balance[lost][batchId]);
    }

    function approve(address holder) internal {
        vm.prank(holder);
        credit.setApprovalForAll(FRIEND, true);
    }

    function replaceBySignature(address lost, address replacement) internal {
        Recovery memory recovery = Recovery(lost, replacement, keccak256("case"), type(uint64).max);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(GUARDIAN_KEY, participants.hashRecovery(recovery));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(r, s, v);
        participants.announceRecovery(recovery, signatures);
        participants.completeRecovery(lost);
    }

    function done(bytes memory call) internal returns (bool success) {
        (success, ) = address(credit).call(call);
    }
}
