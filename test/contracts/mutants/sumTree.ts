import type { Mutant, MutantList } from "../../../scripts/contracts/mutants/list.ts";

const mutant = (search: string, replacement: string): Mutant => ({
  file: "contracts/libraries/SumTree.sol",
  search,
  replacement,
});
const leaf = (search: string, replacement: string): Mutant => ({
  file: "contracts/libraries/LeafCodec.sol",
  search,
  replacement,
});

/** Proofs against the sum tree, and the leaf that they start from. */
export const mutants: MutantList = {
  typescript: [],
  solidity: ["test/contracts/libraries/SumTree.t.sol", "test/contracts/libraries/Vectors.t.sol"],
  mutants: [
    mutant("        LeafCodec.check(leaf);\n", ""),
    mutant(
      "LeafIndex.unwrap(index) < commitment.leafCount,",
      "LeafIndex.unwrap(index) <= commitment.leafCount,",
    ),
    mutant("            LeafIndex.unwrap(index) < commitment.leafCount,\n", "            true,\n"),
    mutant("        require(isSize(leafSize), NodeSizeOutOfRange(0, leafSize));\n", ""),
    mutant("total == Milligrams.unwrap(commitment.totalMg),", "true,"),
    mutant(
      "total == Milligrams.unwrap(commitment.totalMg),",
      "total >= Milligrams.unwrap(commitment.totalMg),",
    ),
    mutant(
      "total == Milligrams.unwrap(commitment.totalMg),",
      "total <= Milligrams.unwrap(commitment.totalMg),",
    ),
    mutant("            commitment.leafCount - 1,\n", "            commitment.leafCount,\n"),
    mutant("end = start + leafSize;", "end = start + leafSize - 1;"),
    mutant(
      "bool isLast = LeafIndex.unwrap(index) + 1 == commitment.leafCount;",
      "bool isLast = LeafIndex.unwrap(index) + 1 >= commitment.leafCount - 1;",
    ),
    mutant("isLast == (nextKey == LeafCodec.END_OF_LINKS)", "(isLast || nextKey != LeafCodec.END_OF_LINKS)"),
    mutant("isLast == (nextKey == LeafCodec.END_OF_LINKS)", "(!isLast || nextKey == LeafCodec.END_OF_LINKS)"),
    mutant("leafKey < nextKey && isLast", "leafKey <= nextKey && isLast"),
    mutant("LeafIndex.unwrap(index) == 0 && key < leafKey", "key < leafKey"),
    mutant("== 0 && key < leafKey", "== 0 && key <= leafKey"),
    mutant("leafKey < key && key < nextKey", "leafKey <= key && key < nextKey"),
    mutant("leafKey < key && key < nextKey", "leafKey < key && key <= nextKey"),
    mutant("leafKey < key && key < nextKey", "leafKey < key"),
    mutant("absent = isLinked && (isBelowAll || isBetween);", "absent = isBelowAll || isBetween;"),
    mutant("isBelowAll || isBetween", "isBetween"),
    mutant("if (index | 1 <= last) {", "if (index < last) {"),
    mutant("if (index | 1 <= last) {", "if (index | 1 < last) {"),
    mutant("if (!isSize(siblingSize)) refuse(siblings.length, at, end, siblingSize);", ""),
    mutant("let isRight := and(index, 1)", "let isRight := 0"),
    mutant("mstore(own, shl(192, total))", "mstore(own, 0)"),
    mutant("mstore(add(own, 8), root)", "mstore(add(own, 8), not(root))"),
    mutant("mstore(other, shl(192, siblingSize))", "mstore(other, 0)"),
    mutant("let other := add(preimage, mul(iszero(isRight), 40))", "let other := add(preimage, 40)"),
    mutant("root := keccak256(preimage, 80)", "root := keccak256(preimage, 79)"),
    mutant("total := add(total, siblingSize)", "total := add(total, add(siblingSize, isRight))"),
    mutant("before := add(before, mul(isRight, siblingSize))", "before := add(before, siblingSize)"),
    mutant("before := add(before, mul(isRight, siblingSize))", ""),
    mutant("                index >>= 1;\n", ""),
    mutant("        require(at == end, ProofLengthWrong(siblings.length));\n", ""),
    mutant("require(at == end,", "require(at <= end,"),
    mutant("require(at == end,", "require(at >= end,"),
    mutant("        require(total < Serials.LIMIT, NodeSizeOutOfRange(siblings.length, total));\n", ""),
    mutant("require(total < Serials.LIMIT,", "require(total <= Serials.LIMIT,"),
    mutant("return size - 1 < Serials.LIMIT - 1;", "return size < Serials.LIMIT;"),
    mutant("return size - 1 < Serials.LIMIT - 1;", "return size - 1 < Serials.LIMIT;"),
    mutant("        require(at < end, ProofLengthWrong(length));\n", ""),
    mutant("length + 1 - (end - at) / 64", "length - (end - at) / 64"),
    leaf("        require(leaf.length == LENGTH, LeafLengthWrong(leaf.length));\n", ""),
    leaf("        require(version == VERSION, LeafVersionUnknown(version));\n", ""),
    leaf("return wordAt(leaf, 1);", "return wordAt(leaf, 0);"),
    leaf("return wordAt(leaf, 33);", "return wordAt(leaf, 1);"),
    leaf("wordAt(leaf, 161)", "wordAt(leaf, 153)"),
  ],
};
