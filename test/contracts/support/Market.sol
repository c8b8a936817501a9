// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchStatus} from "../../../contracts/types/Batch.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {BatchStatement} from "../../../contracts/types/BatchStatement.sol";
import {LienTerms} from "../../../contracts/types/Lien.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {RetirementAmount, RetirementRequest} from "../../../contracts/types/Retirement.sol";
import {Book} from "./MarketBooks.sol";
import {MarketOversight} from "./MarketOversight.sol";
import {bound} from "./Vm.sol";

/// @title Drives a deployment at random: what is allowed must work, what is not must fail. Keeps its own
/// books beside the chain's.
contract Market is MarketOversight {
    uint64 private constant WHOLE_BALANCE = type(uint64).max;

    function commit(uint256 who, uint64 total, uint64 buffer, uint256 seed) external remembering {
        if (batchIds.length == MAX_BATCHES) return;
        (BatchStatement memory statement, bytes[] memory signatures, bool valid) = draw(
            who,
            total,
            buffer,
            seed
        );
        bool allowed = valid && !suspendedParty[statement.operator] && !issuancePaused;
        bytes memory call = abi.encodeCall(batches.commit, (statement, methodologyIds(), signatures));
        if (act("commit", statement.operator, address(batches), call, allowed)) bookCommit(statement);
    }

    function commitAndMint(uint256 who, uint64 total, uint64 buffer, uint256 seed) external remembering {
        if (batchIds.length == MAX_BATCHES) return;
        (BatchStatement memory statement, bytes[] memory signatures, bool valid) = draw(
            who,
            total,
            buffer,
            seed
        );
        bool allowed = valid && !suspendedParty[statement.operator] && !issuancePaused && window == 0;
        bytes memory call = abi.encodeCall(batches.commitAndMint, (statement, methodologyIds(), signatures));
        if (!act("commitAndMint", statement.operator, address(batches), call, allowed)) return;
        bookCommit(statement);
        bookMint(
            BatchId.unwrap(statement.batchId),
            Milligrams.unwrap(statement.bufferMilligrams),
            BatchStatus.Minted
        );
    }

    function mint(uint256 which, uint256 who) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        Book memory book = books[batchId];
        address caller = mostly(book.operator, who);
        bool open = book.status == BatchStatus.Committed && block.timestamp >= book.committedAt + book.window;
        bool allowed = open && mayIssue(caller, book);
        if (
            act(
                "mint",
                caller,
                address(batches),
                abi.encodeCall(batches.mint, BatchId.wrap(batchId)),
                allowed
            )
        ) {
            bookMint(batchId, book.buffer, BatchStatus.Minted);
        }
    }

    function mintRest(uint256 which, uint256 who) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        Book memory book = books[batchId];
        address caller = mostly(book.operator, who);
        bool over = block.timestamp >= book.committedAt + uint256(book.claimDays) * 1 days;
        bool allowed =
            book.status == BatchStatus.Minted &&
                over &&
                book.openClaims + book.openGrams == 0 &&
                mayIssue(caller, book);
        if (
            act(
                "mintRest",
                caller,
                address(batches),
                abi.encodeCall(batches.mintRest, BatchId.wrap(batchId)),
                allowed
            )
        ) {
            bookMint(batchId, 0, BatchStatus.Completed);
        }
    }

    function transfer(uint256 from, uint256 to, uint256 which, uint256 seed) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address sender = holderAt(from, batchId);
        address receiver = to % 8 == 7 ? OUTSIDER : partyAt(to);
        uint256 amount = near(seed, freeOf(sender, batchId), balance[sender][batchId]);
        bool active = !suspendedParty[sender] && !suspendedParty[receiver] && receiver != OUTSIDER;
        bool allowed =
            active && !transfersPaused && books[batchId].causes == 0 && amount <= freeOf(sender, batchId);
        bytes memory call = abi.encodeCall(credit.safeTransferFrom, (sender, receiver, batchId, amount, ""));
        if (!act("transfer", sender, address(credit), call, allowed)) return;
        balance[sender][batchId] -= amount;
        balance[receiver][batchId] += amount;
    }

    function retire(uint256 who, uint256 which, uint256 seed, uint256 nonce) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address holder = holderAt(who, batchId);
        uint256 free = freeOf(holder, batchId) / MG;
        uint64 milligrams = uint64(near(seed, free, balance[holder][batchId] / MG));
        RetirementRequest memory request = ask(nonce, 3, batchId, milligrams);
        bytes32 id = retirements.retirementIdOf(holder, request.nonce);
        bool allowed = mayRetire(id, holder, batchId, milligrams);
        if (
            !act("retire", holder, address(retirements), abi.encodeCall(retirements.retire, request), allowed)
        ) return;
        balance[holder][batchId] -= milligrams * MG;
        bookRetirement(id, holder, request, milligrams);
    }

    function retireByOrder(uint256 who, uint256 which, uint256 seed, uint256 nonce) external remembering {
        uint256 batchId = batchAt(which);
        if (batchId == 0) return;
        address holder = holderAt(who, batchId);
        uint256 held = balance[holder][batchId];
        // About what is there, whether frozen or not.
        uint64 milligrams = uint64(near(seed, held / MG, held / MG));
        bool whole = nonce % 4 == 0;
        RetirementRequest memory request = ask(nonce, 1, batchId, whole ? WHOLE_BALANCE : milligrams);
        if (whole) milligrams = uint64(held / MG);
        address caller = mostly(REGULATOR, seed / 8);
        bytes32 id = retirements.retirementIdOf(caller, request.nonce);
        bool fits = milligrams > 0 && milligrams * MG <= held;
        bool allowed = caller == REGULATOR && fits && books[batchId].causes == 0 && recordHash[id] == 0;
        bytes memory call = abi.encodeCall(
            retirements.retireByOrder,
            (holder, request, new LienTerms[][](1))
        );
        bool inTheWay = milligrams * MG > freeOf(holder, batchId);
        if (
            !act(
                inTheWay ? "retireFrozenByOrder" : "retireByOrder",
                caller,
                address(retirements),
                call,
                allowed
            )
        ) return;
        bookForced(holder, batchId, milligrams * MG);
        bookRetirement(id, holder, request, milligrams);
    }

    function cureByBurning(uint256 which, uint256 who, uint256 seed) external remembering {
        uint256 batchId = owingAt(which);
        if (batchId == 0) return;
        Book storage book = books[batchId];
        address caller = mostly(book.operator, who);
        uint256 free = freeOf(caller, batchId) / MG;
        uint64 milligrams = uint64(near(seed, free < book.shortfall ? free : book.shortfall, book.shortfall));
        bool owed =
            milligrams > 0 && milligrams <= book.shortfall && milligrams <= book.minted - book.retired;
        bool allowed = owed && caller == book.operator && !suspendedParty[caller] && milligrams <= free;
        bytes memory call = abi.encodeCall(
            batches.cureByBurning,
            (BatchId.wrap(batchId), Milligrams.wrap(milligrams))
        );
        if (!act("cureByBurning", caller, address(batches), call, allowed)) return;
        book.minted -= milligrams;
        balance[caller][batchId] -= milligrams * MG;
        bookCure(batchId, milligrams);
    }

    /// @param from The batch whose grams replace.
    function replaceShortfall(uint256 which, uint256 from, uint256 seed, uint256 nonce) external remembering {
        uint256 batchId = owingAt(which);
        if (batchId == 0) return;
        from = batchAt(from);
        Book storage book = books[batchId];
        address caller = mostly(book.operator, nonce / 64);
        uint256 free = freeOf(caller, from) / MG;
        uint64 milligrams = uint64(near(seed, free < book.shortfall ? free : book.shortfall, book.shortfall));
        RetirementRequest memory request = ask(nonce, 6, from, milligrams);
        bytes32 id = retirements.retirementIdOf(caller, request.nonce);
        bool owed = milligrams <= book.shortfall && caller == book.operator;
        bytes memory call = abi.encodeCall(retirements.replaceShortfall, (BatchId.wrap(batchId), request));
        bool allowed = owed && mayRetire(id, caller, from, milligrams);
        if (!act("replaceShortfall", caller, address(retirements), call, allowed)) return;
        balance[caller][from] -= milligrams * MG;
        bookRetirement(id, caller, request, milligrams);
        book.replaced += milligrams;
        bookCure(batchId, milligrams);
    }

    /// @dev Few nonces, so that some come twice.
    function ask(
        uint256 nonce,
        uint8 purpose,
        uint256 batchId,
        uint64 milligrams
    ) private pure returns (RetirementRequest memory request) {
        request.nonce = bytes32(nonce % 64);
        request.beneficiaryHash = keccak256("beneficiary");
        request.documentHash = keccak256("document");
        request.purpose = purpose;
        request.reportingYear = 2025;
        request.country = "CN";
        request.amounts = new RetirementAmount[](1);
        request.amounts[0] = RetirementAmount(batchId, Milligrams.wrap(milligrams));
    }

    function mayIssue(address caller, Book memory book) private view returns (bool) {
        return caller == book.operator && !suspendedParty[caller] && !issuancePaused && book.causes == 0;
    }

    function mayRetire(
        bytes32 id,
        address holder,
        uint256 batchId,
        uint64 milligrams
    ) private view returns (bool) {
        bool fits = milligrams > 0 && milligrams * MG <= freeOf(holder, batchId);
        return fits && !suspendedParty[holder] && books[batchId].causes == 0 && recordHash[id] == 0;
    }

    /// @dev A statement with its signatures; mostly valid.
    function draw(
        uint256 who,
        uint64 total,
        uint64 buffer,
        uint256 seed
    ) private view returns (BatchStatement memory statement, bytes[] memory signatures, bool valid) {
        total = uint64(bound(total, 1, 1e15));
        uint256 batchId = uint256(keccak256(abi.encode("batch", batchIds.length)));
        statement = statementOf(parties[who % OPERATORS], batchId, total);
        statement.previousBatchId = BatchId.wrap(heads[statement.operator]);
        statement.bufferMilligrams = Milligrams.wrap(
            uint64(bound(buffer, 0, seed % 4 == 0 ? total : total / 8))
        );
        statement.leafCount = uint32(1 + (seed % (total < 16 ? total : 16)));
        statement.claimPeriodDays = uint32(seed % 3) * 4;
        uint256 way = (seed / 64) % 16;
        valid = way > 3 || (way < 2 && batchIds.length == 0);
        if (way == 0 && !valid) statement.batchId = BatchId.wrap(batchAt(seed));
        if (way == 1 && !valid) statement.root = books[batchAt(seed)].root;
        if (way == 2) statement.previousBatchId = BatchId.wrap(BatchId.unwrap(statement.previousBatchId) ^ 1);
        signatures = attest(batches.hashStatement(statement));
        if (way != 3) return (statement, signatures, valid);
        // One attester is not the quorum.
        bytes memory only = signatures[0];
        signatures = new bytes[](1);
        signatures[0] = only;
    }
}
