import type { Mutant, MutantList } from "../../../scripts/contracts/mutants/list.ts";

const units = (search: string, replacement: string): Mutant => ({
  file: "contracts/external/ExternalUnits.sol",
  search,
  replacement,
});
const ranges = (search: string, replacement: string): Mutant => ({
  file: "contracts/libraries/DisjointRanges.sol",
  search,
  replacement,
});

/** Immobilisation, release and suspension of other registries' units, and the set of ranges behind them. */
export const mutants: MutantList = {
  typescript: [
    "test/contracts/external/externalUnits.test.ts",
    "test/contracts/external/externalUnitsRefusals.test.ts",
    "test/contracts/external/externalUnitsLife.test.ts",
  ],
  solidity: ["test/contracts/libraries/DisjointRanges.t.sol"],
  mutants: [
    units("        require(!$.paused, IssuancePaused());\n", ""),
    units("block.timestamp <= statement.deadline", "block.timestamp < statement.deadline"),
    units(
      "        require(block.timestamp <= statement.deadline, " +
        "StatementExpired(statement.deadline, block.timestamp));\n",
      "",
    ),
    units("        require($.units[id].units == 0, UnitsKnown(id));\n", ""),
    units(
      "        checkSigner(units.registryId, Quorum.signerOf(hashStatement(statement), signature, 0));\n",
      "",
    ),
    units("credit.mint(statement.recipient, id,", "credit.mint(msg.sender, id,"),
    units("account == operatorOf(registryId) && participants", "participants"),
    units(" && participants.hasKind(account, ParticipantKinds.REGISTRY)", ""),
    units(
      "abi.encode(STATEMENT_TYPE_HASH, blockHash, statement.recipient, statement.deadline)",
      "abi.encode(STATEMENT_TYPE_HASH, blockHash, address(0), statement.deadline)",
    ),
    units("        require(destinationHash != 0, DestinationMissing());\n", ""),
    units("        require(count > 0 && count <= most, ReleaseOutOfRange(count, most));\n", ""),
    units("        credit.burnByIssuer(msg.sender, id, Serials.unitsToBaseUnits(count));\n", ""),
    units("shrink(first, end - count);", "shrink(first, end);"),
    units("uint64 end = first + units.units - units.released;", "uint64 end = first + units.units;"),
    units("        units.released += uint40(count);\n", ""),
    units("            asked <= available,\n", "            true,\n"),
    units("units.suspension | causeOfCaller(units.registryId)", "causeOfCaller(units.registryId)"),
    units("units.suspension & ~causeOfCaller(units.registryId)", "0"),
    units(
      "if (before == 0 || causes == 0) credit.setSuspended(id, causes != 0);",
      "credit.setSuspended(id, before == 0);",
    ),
    units("        require(isRegulator, CallerNotEntitled(msg.sender, registryId));\n", ""),
    units("        require(units.units != 0, UnitsUnknown(id));\n", ""),
    units("        require(suspension == 0, UnitsSuspended(id, suspension));\n", ""),
    units("require(units.registryId != 0 && units.documentHash != 0,", "require(units.registryId != 0,"),
    units("bool countable = first < end &&", "bool countable = first <= end &&"),
    units(
      "* Serials.MILLIGRAMS_PER_UNIT < Serials.LIMIT",
      "* Serials.MILLIGRAMS_PER_UNIT <= 2 * Serials.LIMIT",
    ),
    units("startDay <= endDay", "startDay < endDay + 2"),
    units(
      "        require(CountryCode.isWellFormed(units.hostCountry), CountryMalformed(units.hostCountry));\n",
      "",
    ),
    ranges("        require(fit, HintUnfit(hint));\n", ""),
    ranges("hint <= first && line.ranges[hint].end != 0", "line.ranges[hint].end != 0"),
    ranges("hint <= first && line.ranges[hint].end != 0", "hint <= first"),
    ranges("        require(previousEnd <= first, RangeTaken(previous, previousEnd));\n", ""),
    ranges("previousEnd <= first", "previousEnd < first"),
    ranges("        require(next >= end, RangeTaken(next, line.ranges[next].end));\n", ""),
    ranges("require(next >= end,", "require(next > end,"),
    ranges("        line.ranges[next].previousInverted = ~first;\n", ""),
    ranges("        delete line.ranges[first];\n", ""),
    ranges("        line.ranges[~gone.nextInverted].previousInverted = gone.previousInverted;\n", ""),
    ranges("while (next <= first && next != START)", "while (next < first && next != START)"),
  ],
};
