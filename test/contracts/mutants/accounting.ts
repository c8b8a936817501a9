import type { Mutant, MutantList } from "../../../scripts/contracts/mutants/list.ts";

const mutant = (search: string, replacement: string): Mutant => ({
  file: "contracts/libraries/Accounting.sol",
  search,
  replacement,
});

/** The books of a batch: buffer, mints, cursor, strikes and cures. */
export const mutants: MutantList = {
  typescript: [],
  solidity: ["test/contracts/libraries/Accounting.t.sol"],
  mutants: [
    mutant("require(bufferMg <= totalMg,", "require(bufferMg < totalMg,"),
    mutant("        require(bufferMg <= totalMg, BufferExceedsMintable(bufferMg, totalMg));\n", ""),
    mutant(" + account.shortfallMg + account.replacedMg", " + account.shortfallMg"),
    mutant(" + account.shortfallMg + account.replacedMg", " + account.replacedMg"),
    mutant(" - account.mintedMg - account.struckMg", " - account.mintedMg"),
    mutant(" - account.mintedMg - account.struckMg", " - account.struckMg"),
    mutant("require(bufferMg <= left,", "require(bufferMg < left,"),
    mutant("require(bufferMg <= left,", "require(bufferMg <= account.totalMg,"),
    mutant("milligrams = left - bufferMg;", "milligrams = left;"),
    mutant("milligrams = left - bufferMg;", "milligrams = account.totalMg - bufferMg;"),
    mutant("milligrams = unminted(account);", "milligrams = 0;"),
    mutant("milligrams = unminted(account);", "milligrams = account.totalMg - account.mintedMg;"),
    mutant("uint64 available = account.mintedMg - start;", "uint64 available = account.mintedMg;"),
    mutant("uint64 available = account.mintedMg - start;", "uint64 available = account.totalMg - start;"),
    mutant("require(milligrams <= available,", "require(milligrams < available,"),
    mutant("        require(milligrams <= available, RetirementExceedsMinted(milligrams, available));\n", ""),
    mutant(".retiredMg = end;", ".retiredMg = start;"),
    mutant("end = start + milligrams;", "end = milligrams;"),
    mutant("uint64 live = account.totalMg - account.struckMg;", "uint64 live = account.totalMg;"),
    mutant("require(milligrams <= live,", "require(milligrams < live,"),
    mutant("        require(milligrams <= live, StrikeExceedsTotal(milligrams, live));\n", ""),
    mutant("milligrams < left ? milligrams : left", "left"),
    mutant("milligrams < left ? milligrams : left", "milligrams"),
    mutant("milligrams < left ? milligrams : left", "milligrams < left ? milligrams : 0"),
    mutant(".struckMg += milligrams;", ".struckMg += covered;"),
    mutant(".shortfallMg += milligrams - covered;", ".shortfallMg = milligrams - covered;"),
    mutant(".shortfallMg += milligrams - covered;", ".shortfallMg += milligrams;"),
    mutant(
      "uint64 circulating = account.mintedMg - account.retiredMg;",
      "uint64 circulating = account.mintedMg;",
    ),
    mutant("account.shortfallMg < circulating ? account.shortfallMg : circulating", "account.shortfallMg"),
    mutant("account.shortfallMg < circulating ? account.shortfallMg : circulating", "circulating"),
    mutant("require(milligrams > 0 && milligrams <= most,", "require(milligrams <= most,"),
    mutant("require(milligrams > 0 && milligrams <= most,", "require(milligrams > 0 && milligrams < most,"),
    mutant(".mintedMg -= milligrams;", ".mintedMg -= 0;"),
    mutant(".mintedMg -= milligrams;", ".retiredMg += milligrams;"),
    mutant(
      "require(milligrams > 0 && milligrams <= account.shortfallMg,",
      "require(milligrams <= account.shortfallMg,",
    ),
    mutant("require(milligrams > 0 && milligrams <= account.shortfallMg,", "require(milligrams > 0,"),
    mutant(".replacedMg += milligrams;", ".replacedMg = milligrams;"),
    mutant(".replacedMg += milligrams;", ".mintedMg -= milligrams;"),
  ],
};
