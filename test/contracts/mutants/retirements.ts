import type { Mutant, MutantList } from "../../../scripts/contracts/mutants/list.ts";

const registry = (search: string, replacement: string): Mutant => ({
  file: "contracts/retirements/RetirementRegistry.sol",
  search,
  replacement,
});

/** Retirements of all kinds, and their certificates. */
export const mutants: MutantList = {
  typescript: [
    "retireByOrder",
    "certificates",
    "retirementSources",
    "retirementRegistry",
    "retirementRefusals",
  ].map((part) => `test/contracts/retirements/${part}.test.ts`),
  solidity: [],
  mutants: [
    registry(
      "        requireApproval(holder);\n        return retireOwn(batches, holder, request);",
      "        return retireOwn(batches, holder, request);",
    ),
    registry("credit.isApprovedForAll(holder, msg.sender)", "credit.isApprovedForAll(msg.sender, holder)"),
    registry(
      "        require(\n" +
        "            callerKinds & ParticipantKinds.POOL != 0,\n" +
        "            CallerNotEntitled(msg.sender, ParticipantKinds.POOL)\n" +
        "        );\n",
      "",
    ),
    registry("        require(holderKinds != 0, HolderNotActive(holder));\n", ""),
    registry(
      "return retireFrom(batches, holder, msg.sender, request);",
      "return retireFrom(batches, msg.sender, msg.sender, request);",
    ),
    registry(
      "return retireFrom(batches, holder, msg.sender, request);",
      "return retireFrom(batches, holder, holder, request);",
    ),
    registry("require(request.purpose == REPLACEMENT, PurposeOutOfRange(request.purpose));", ""),
    registry("        batches.recordReplacement(batchId, msg.sender, Milligrams.wrap(total));\n", ""),
    registry("total += Milligrams.unwrap(", "total = Milligrams.unwrap("),
    registry("        require(replacement != address(0), NotRecovered(lost));\n", ""),
    registry(
      "            require(_ownerOf(id) == lost, ERC721IncorrectOwner(lost, id, _ownerOf(id)));\n",
      "",
    ),
    registry("recordHash == 0 || recordHash != keccak256(abi.encode(retirement))", "recordHash == 0"),
    registry(
      "line.start <= position && position < line.end",
      "line.start <= position && position <= line.end",
    ),
    registry("line.start <= position && position < line.end", "line.start < position && position < line.end"),
    registry("line.batchId == batchId && line.start", "line.start"),
    registry("        require(_ownerOf(tokenId) == address(0), CertificateLocked(tokenId));\n", ""),
    registry("        require(entitled, CallerNotEntitled(msg.sender, ParticipantKinds.REGULATOR));\n", ""),
    registry("        require(request.documentHash != 0, OrderMissing());\n", ""),
    registry("        require(released.length == count, LienListsMismatch(count, released.length));\n", ""),
    registry(
      "retirementId = checkRequest(msg.sender, request);",
      "retirementId = checkRequest(holder, request);",
    ),
    registry(
      "record(retirementId, holder, holder, request, lines);",
      "record(retirementId, msg.sender, holder, request, lines);",
    ),
    registry("        emit RetiredByOrder(retirementId, msg.sender);\n", ""),
    registry("            require(Milligrams.unwrap(amounts[i].milligrams) > 0, AmountZero(batchId));\n", ""),
    registry(
      "        require(RetirementStorage.layout().recordHashOf[retirementId] == 0, " +
        "RetirementKnown(retirementId));\n",
      "",
    ),
    registry("        require(request.beneficiaryHash != 0, BeneficiaryMissing());\n", ""),
    registry("        require(request.reportingYear != 0, ReportingYearMissing());\n", ""),
    registry(
      "        require(CountryCode.isWellFormed(request.country), CountryMalformed(request.country));\n",
      "",
    ),
    registry("require(batchId > previous,", "require(batchId >= previous,"),
    registry("            require(Milligrams.unwrap(amount.milligrams) > 0, AmountZero(batchId));\n", ""),
    registry("purpose > 0 && purpose <= MAX_PURPOSE", "purpose <= MAX_PURPOSE"),
    registry("purpose > 0 && purpose <= MAX_PURPOSE", "purpose > 0 && purpose <= REPLACEMENT"),
    registry(
      "        _mint(holder, uint256(retirementId));\n",
      "        _mint(source, uint256(retirementId));\n",
    ),
    registry("return keccak256(abi.encode(holder, nonce));", "return keccak256(abi.encode(nonce));"),
    registry("        credit.burnForRetirement(source, request.amounts);\n", ""),
  ],
};
