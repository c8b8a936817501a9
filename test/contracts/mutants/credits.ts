import type { Mutant, MutantList } from "../../../scripts/contracts/mutants/list.ts";

const ledger = (search: string, replacement: string): Mutant => ({
  file: "contracts/tokens/LienLedger.sol",
  search,
  replacement,
});
const rules = (search: string, replacement: string): Mutant => ({
  file: "contracts/credits/CreditRules.sol",
  search,
  replacement,
});
const liens = (search: string, replacement: string): Mutant => ({
  file: "contracts/credits/CreditLiens.sol",
  search,
  replacement,
});
const orders = (search: string, replacement: string): Mutant => ({
  file: "contracts/credits/CreditOrders.sol",
  search,
  replacement,
});
const credit = (search: string, replacement: string): Mutant => ({
  file: "contracts/credits/CarbonCredit.sol",
  search,
  replacement,
});

/** Freezes, liens, transfers, orders and recovery of credits. */
export const mutants: MutantList = {
  typescript: [
    "lienEscape",
    "creditErc7943",
    "creditLiens",
    "creditRecovery",
    "carbonCredit",
    "reentrancy",
  ].map((name) => `test/contracts/credits/${name}.test.ts`),
  solidity: ["test/contracts/credits/Encumbrance.t.sol", "test/contracts/support/Pledging.sol"],
  mutants: [
    ledger("if (lien.amount == 0) lien.holder = address(0);", ""),
    ledger("uint256 unpledged = balance - pledged;", "uint256 unpledged = balance;"),
    ledger("require(amount <= unpledged, ERC7943", "require(amount < unpledged, ERC7943"),
    ledger("unpledged > frozen ? unpledged - frozen : 0", "unpledged > frozen ? unpledged : 0"),
    ledger("if (amount <= free) return;", "if (amount < free) return;"),
    ledger("frozen -= amount - free;", "frozen -= amount;"),
    ledger("        emit Frozen(account, batchId, frozen);\n", ""),
    ledger("        require(liens[lienId].holder == address(0), LienKnown(lienId));\n", ""),
    ledger("require(liens[lienId].holder == address(0)", "require(liens[lienId].amount == 0"),
    ledger("encumbrances[terms.holder][terms.batchId].word += uint256(added) << LIENS_AT;", ""),
    ledger("encumbrances[lien.holder][batchId].word += uint256(added) << LIENS_AT;", ""),
    ledger("amount > 0 && amount <= before", "amount <= before"),
    ledger("amount > 0 && amount <= before", "amount > 0 && amount < before"),
    ledger("lien.amount = uint96(left);", "lien.amount = 0;"),
    ledger(
      "lien.holder == lost && terms[i].batchId == batchId && lien.amount > 0",
      "terms[i].batchId == batchId && lien.amount > 0",
    ),
    ledger(
      "lien.holder == lost && terms[i].batchId == batchId && lien.amount > 0",
      "lien.holder == lost && lien.amount > 0",
    ),
    ledger(
      "lien.holder == lost && terms[i].batchId == batchId && lien.amount > 0",
      "lien.holder == lost && terms[i].batchId == batchId",
    ),
    ledger("            lien.holder = replacement;\n", ""),
    ledger("        require(named == all, LiensIncomplete(named, all));\n", ""),
    ledger("Math.saturatingAdd(lostFrozen, frozenOf(replacement, batchId))", "lostFrozen"),
    ledger("        delete encumbrances[lost][batchId];\n", ""),
    ledger("        storeFrozen(replacement, batchId, frozen);\n", ""),
    ledger("        encumbrances[replacement][batchId].word += all << LIENS_AT;\n", ""),
    ledger("return Math.saturatingAdd(frozen, pledged);", "return frozen > pledged ? frozen : pledged;"),
    ledger("if (frozen == LARGE) frozen = encumbrance.largeFreeze;", ""),
    ledger("amount < LARGE ? amount : LARGE", "uint160(amount)"),
    ledger("((word >> LIENS_AT) << LIENS_AT) | kept", "kept"),
    rules(
      "refusal == TransferRefusal.BalanceTooSmall && !isEncumbered(from, tokenId)",
      "refusal == TransferRefusal.BalanceTooSmall",
    ),
    rules(
      " ||\n            (refusal == TransferRefusal.BalanceTooSmall && !isEncumbered(from, tokenId))",
      "",
    ),
    rules("if (suspended[batchId]) return TransferRefusal.BatchSuspended;", ""),
    rules(
      "if (amount > balance) return TransferRefusal.BalanceTooSmall;",
      "if (amount >= balance) return TransferRefusal.BalanceTooSmall;",
    ),
    rules(
      "amount > unencumbered(balance, from, batchId) ?",
      "amount >= unencumbered(balance, from, batchId) ?",
    ),
    rules("toKinds != 0 && !refusesDeposit(to, toKinds)", "toKinds != 0"),
    rules("require(!isTransfer || !isPausedFor(fromKinds)", "require(!isPausedFor(fromKinds)"),
    rules("require(!isTransfer || !suspended[ids[i]]", "require(!suspended[ids[i]]"),
    rules(
      "if (from != address(0)) requireUnencumbered(from, ids, values, i);",
      "if (isTransfer) requireUnencumbered(from, ids, values, i);",
    ),
    rules(
      "if (from != address(0)) requireUnencumbered(from, ids, values, i);",
      "if (i == 0 && from != address(0)) requireUnencumbered(from, ids, values, i);",
    ),
    rules('ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, batchId, amount, "");', ""),
    rules(
      "participants.kindsOnFile(account) & ParticipantKinds.POOL == 0",
      "!participants.hasKind(account, ParticipantKinds.POOL)",
    ),
    rules("            ofReceiver != 0 &&\n    ", "        "),
    rules("                ofReceiver & receiverKinds == receiverKinds &&\n", ""),
    rules(" &&\n                ofReceiver & ParticipantKinds.POOL == 0;", ";"),
    rules("kinds & ParticipantKinds.POOL != 0 && msg.sender != to", "kinds & ParticipantKinds.POOL != 0"),
    rules("return paused && fromKinds & ParticipantKinds.POOL == 0;", "return paused;"),
    rules("for (uint256 i = 0; i <= last; ++i) {", "for (uint256 i = last; i <= last; ++i) {"),
    rules("if (ids[i] == batchId) amount", "amount"),
    rules(
      "amount <= free || values[last] > balance",
      "amount <= free || amount > balance || values[last] > balance",
    ),
    rules("amount <= free || values[last] > balance", "amount <= free"),
    liens(
      "        requirePledgor(terms, holder);\n        (uint32 holderKinds",
      "        (uint32 holderKinds",
    ),
    liens("        require(holderKinds != 0, ERC7943CannotSend(holder));\n", ""),
    liens("        require(holderKinds & ParticipantKinds.POOL == 0, HeldByPool(holder));\n", ""),
    liens("amount > 0 && terms.rank != 0 &&", "terms.rank != 0 &&"),
    liens("beneficiaryKinds != 0 && terms.beneficiary != holder", "terms.beneficiary != holder"),
    liens("beneficiaryKinds != 0 && terms.beneficiary != holder", "beneficiaryKinds != 0"),
    liens("        requireFree(holder, terms.batchId, amount);\n        extendLien", "        extendLien"),
    liens("        require(holder != address(0), LienUnknown(lienId));\n", ""),
    liens(
      "        requirePledgor(terms, holder);\n        require(participants",
      "        require(participants",
    ),
    liens("        require(participants.isActive(holder), ERC7943CannotSend(holder));\n", ""),
    liens(
      "if (byAgent) requireCallerKind(ParticipantKinds.LIEN_AGENT);\n        else require",
      "if (!byAgent) require",
    ),
    liens("msg.sender == terms.agent && msg.sender != terms.beneficiary", "msg.sender == terms.agent"),
    liens("        require(!suspended[batchId], TransferSuspended(batchId));\n", ""),
    liens("        requireUnfrozen(holder, batchId, amount);\n", ""),
    liens("        require(isAgent, CallerNotEntitled(terms.agent, ParticipantKinds.LIEN_AGENT));\n", ""),
    liens("msg.sender == party || participants.replacementOf(party) == msg.sender", "msg.sender == party"),
    liens("return isParty && participants.isActive(msg.sender);", "return isParty;"),
    liens("require(amount <= free, ERC7943", "require(amount < free, ERC7943"),
    liens(
      "Math.saturatingSub(balanceOf(holder, batchId), frozenOf(holder, batchId))",
      "unencumbered(balanceOf(holder, batchId), holder, batchId)",
    ),
    orders("        require(from != to, ERC7943CannotTransfer(from, to, tokenId, amount));\n", ""),
    orders("        if (amount != 0) requireNoPool(account);\n", ""),
    orders("if (amount != 0) requireNoPool(account);", "requireNoPool(account);"),
    orders("        requireNoPool(from);\n", ""),
    orders("if (from != to) makeRoom(from", "makeRoom(from"),
    orders("        if (from != to) makeRoom(from, tokenId, amount);\n", ""),
    orders("handOver(from, to, tokenId, amount)", "moveUnchecked(from, to, tokenId, amount)"),
    orders(
      "lien.holder == holder && liens[i].batchId == batchId && lien.amount > 0",
      "liens[i].batchId == batchId && lien.amount > 0",
    ),
    orders(
      "lien.holder == holder && liens[i].batchId == batchId && lien.amount > 0",
      "lien.holder == holder && lien.amount > 0",
    ),
    credit("        requireNoPool(holder);\n", ""),
    credit(
      "batches.circulatingOf(batchId) + externalUnits.circulatingOf(batchId)",
      "batches.circulatingOf(batchId)",
    ),
  ],
};
