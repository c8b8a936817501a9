import type { Mutant, MutantList } from "../../../scripts/mutants/list.ts";

const mutant = (search: string, replacement: string): Mutant => ({ file: "contracts/libraries/Accounting.sol", search, replacement });

/** The books of a batch: buffer, mints, cursor, strikes and cures. */
export const mutants: MutantList = {
  typescript: [],
  solidity: ["test/contracts/Accounting.t.sol"],
  mutants: [
    mutant("require(bufferMg <= totalMg,", "require(bufferMg < totalMg,"),
    mutant("        require(bufferMg <= totalMg, BufferExceedsMintable(bufferMg, totalMg));\n", ""),
    mutant("uint256(account.totalMg) + account.shortfallMg + account.replacedMg;", "uint256(account.totalMg) + account.shortfallMg;"),
    mutant("uint256(account.totalMg) + account.shortfallMg + account.replacedMg;", "uint256(account.totalMg) + account.replacedMg;"),
    mutant("claims - account.mintedMg - account.struckMg", "claims - account.mintedMg"),
    mutant("require(bufferMg <= left,", "require(bufferMg < left,"),
    mutant("        require(bufferMg <= left, BufferExceedsMintable(bufferMg, left));\n", ""),
    mutant("milligrams = left - bufferMg;", "milligrams = left;"),
    mutant("milligrams = left - bufferMg;", "milligrams = account.totalMg - bufferMg;"),
    mutant(
      "milligrams = left - bufferMg;\n        account.mintedMg += milligrams;",
      "milligrams = left - bufferMg;\n        account.mintedMg = milligrams + 1;",
    ),
    mutant(
      "milligrams = unminted(account);\n        account.mintedMg += milligrams;",
      "milligrams = unminted(account);\n        account.mintedMg = milligrams;",
    ),
    mutant("milligrams = unminted(account);\n        account.mintedMg += milligrams;", "milligrams = unminted(account);"),
    mutant("uint64 available = account.mintedMg - start;", "uint64 available = account.mintedMg;"),
    mutant("uint64 available = account.mintedMg - start;", "uint64 available = account.totalMg - start;"),
    mutant("require(milligrams <= available,", "require(milligrams < available,"),
    mutant("        require(milligrams <= available, RetirementExceedsMinted(milligrams, available));\n", ""),
    mutant("        account.retiredMg = end;\n", ""),
    mutant("end = start + milligrams;", "end = milligrams;"),
    mutant("uint64 live = account.totalMg - account.struckMg;", "uint64 live = account.totalMg;"),
    mutant("require(milligrams <= live,", "require(milligrams < live,"),
    mutant("        require(milligrams <= live, StrikeExceedsTotal(milligrams, live));\n", ""),
    mutant("milligrams < left ? milligrams : left", "left"),
    mutant("milligrams < left ? milligrams : left", "milligrams"),
    mutant("milligrams < left ? milligrams : left", "milligrams < left ? milligrams : 0"),
    mutant("        account.struckMg += milligrams;\n", ""),
    mutant("account.shortfallMg += milligrams - covered;", "account.shortfallMg = milligrams - covered;"),
    mutant("account.shortfallMg += milligrams - covered;", "account.shortfallMg += milligrams;"),
    mutant("uint64 circulating = account.mintedMg - account.retiredMg;", "uint64 circulating = account.mintedMg;"),
    mutant("account.shortfallMg < circulating ? account.shortfallMg : circulating", "account.shortfallMg"),
    mutant("account.shortfallMg < circulating ? account.shortfallMg : circulating", "circulating"),
    mutant("require(milligrams > 0 && milligrams <= most,", "require(milligrams <= most,"),
    mutant("require(milligrams > 0 && milligrams <= most,", "require(milligrams > 0 && milligrams < most,"),
    mutant(
      "        account.mintedMg -= milligrams;\n        account.shortfallMg -= milligrams;\n",
      "        account.shortfallMg -= milligrams;\n",
    ),
    mutant(
      "        account.mintedMg -= milligrams;\n        account.shortfallMg -= milligrams;\n",
      "        account.mintedMg -= milligrams;\n",
    ),
    mutant("require(milligrams > 0 && milligrams <= account.shortfallMg,", "require(milligrams <= account.shortfallMg,"),
    mutant("require(milligrams > 0 && milligrams <= account.shortfallMg,", "require(milligrams > 0,"),
    mutant(
      "        account.shortfallMg -= milligrams;\n        account.replacedMg += milligrams;",
      "        account.replacedMg += milligrams;",
    ),
    mutant("account.replacedMg += milligrams;", "account.replacedMg = milligrams;"),
    mutant("        account.replacedMg += milligrams;\n", "        account.mintedMg -= milligrams;\n"),
  ],
};
