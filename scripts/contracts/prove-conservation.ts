/**
 * Reads what the SMTChecker says about test/contracts/proofs; silence and "might happen" are failures like
 * any other.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const HELP = `Proves the laws of a batch's books (test/contracts/proofs/ConservationProof.sol) and those of
the
ledger of holds (HoldsProof.sol) with the SMTChecker of npm's solc.

  node scripts/contracts/prove-conservation.ts --run
`;

const FOLDER = "test/contracts/proofs";
const CONTRACTS = ["ConservationProof", "HoldsProof"];
/** Numbers of the compiler's messages: https://github.com/ethereum/solidity, libsolidity/formal/CHC.cpp. */
const PROVED_SAFE = "9576";
/**
 * The checker takes no note of what a custom error carries; the condition in front of it counts all the same.
 */
const WITHOUT_ERROR_TYPE = "5724";

interface Message {
  readonly errorCode?: string;
  readonly severity: string;
  readonly message: string;
  readonly formattedMessage?: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number };
}
interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

function check(source: string, contract: string): readonly Message[] {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: { [source]: { content: readFileSync(source, "utf8") } },
    settings: {
      evmVersion: "cancun",
      // No `timeout`: npm's solc would start a thread for it and die.
      modelChecker: {
        engine: "chc",
        targets: ["assert"],
        solvers: ["z3"],
        showProvedSafe: true,
        showUnproved: true,
        contracts: { [source]: [contract] },
      },
      outputSelection: { "*": { "": ["ast"] } },
    },
  };
  const output = compiler.compile(JSON.stringify(input), {
    import: (path) => ({ contents: readFileSync(path, "utf8") }),
  });
  return (JSON.parse(output) as { errors?: readonly Message[] }).errors ?? [];
}

/** Where the source asserts, by position; the compiler counts bytes, so each is read as one character. */
function assertionsOf(source: string): number[] {
  return [...source.matchAll(/\bassert\(/g)].map(({ index }) => index);
}

/** Whether each assertion of a contract is proved; says on stderr what is not. */
function prove(contract: string): boolean {
  const source = `${FOLDER}/${contract}.sol`;
  const messages = check(source, contract);
  const proved = new Set(
    messages
      .filter(({ errorCode }) => errorCode === PROVED_SAFE)
      .map(({ sourceLocation }) => sourceLocation?.start),
  );
  const asserted = assertionsOf(readFileSync(source, "latin1"));
  const open = asserted.filter((position) => !proved.has(position));
  const others = messages.filter(
    ({ errorCode }) => errorCode !== PROVED_SAFE && errorCode !== WITHOUT_ERROR_TYPE,
  );
  for (const { formattedMessage, message } of others)
    process.stderr.write(`${formattedMessage ?? message}\n`);
  const isProved = asserted.length > 0 && open.length === 0 && others.length === 0;
  process[isProved ? "stdout" : "stderr"].write(
    isProved
      ? `${String(asserted.length)} assertions of ${contract} proved\n`
      : `${String(open.length)} of ${String(asserted.length)} assertions in ${source} are not proved.\n`,
  );
  return isProved;
}

if (process.argv[2] === "--run")
  process.exitCode = CONTRACTS.map((contract) => prove(contract)).every(Boolean) ? 0 : 1;
else process.stdout.write(HELP);
