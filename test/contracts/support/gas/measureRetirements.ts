import {
  attest,
  baseUnits,
  deploySystem,
  KIND,
  admissionOf,
  METHODOLOGY,
  statementOf,
  type Ethers,
  type System,
} from "../system.ts";
import { orderOf, requestOf } from "../retirements.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const TOUCAN = "Toucan: 477618";
const TOUCAN_POOL = "Toucan: 443879";
const MILLIGRAMS = 200_000n;

/** Five batches of a tonne and more, all credits the corporate's. */
async function fiveBatches(ethers: Ethers): Promise<{ system: System; ids: bigint[] }> {
  const system = await deploySystem(ethers);
  const { batches, credit, operator, corporate } = system;
  const ids = [1, 2, 3, 4, 5].map((n) => (BigInt(n) << 250n) | BigInt(ethers.id(String(n)).slice(0, 60)));
  let previousBatchId = 0n;
  for (const batchId of ids) {
    const changes = {
      batchId,
      previousBatchId,
      root: ethers.toBeHex(batchId, 32),
      totalMilligrams: 2_620_000_000n,
    };
    const statement = statementOf(system, changes);
    await batches.connect(operator).commitAndMint(statement, [METHODOLOGY], await attest(system, statement));
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, batchId, baseUnits(2_000_000_000n), "0x");
    previousBatchId = batchId;
  }
  return { system, ids };
}

/** Retirements of all kinds, each with its certificate. */
export async function measureRetirements(ethers: Ethers): Promise<GasFigure[]> {
  const { system, ids } = await fiveBatches(ethers);
  const { credit, retirements, corporate, bank, regulator } = system;
  let count = 0;
  const ask = (...batchIds: bigint[]) =>
    requestOf(system, {
      nonce: ethers.id(`nonce ${String(++count)}`),
      documentHash: ethers.id("document"),
      amounts: batchIds.map((batchId) => ({ batchId, milligrams: MILLIGRAMS })),
    });
  const [id] = ids as [bigint];
  const retire = (...batchIds: bigint[]) => gasOf(retirements.connect(corporate).retire(ask(...batchIds)));
  const wholly = await gasOf(retirements.connect(corporate).retire(ask(id)));
  const later = await retire(id);
  const ofFive = (await retire(...ids), await retire(...ids));
  await credit.connect(corporate).setApprovalForAll(bank.address, true);
  const onBehalf = await gasOf(retirements.connect(bank).retireFor(corporate.address, ask(id)));
  await credit.connect(regulator).setFrozenTokens(corporate.address, id, baseUnits(2_000_000_000n));
  const order = orderOf(system, {
    nonce: ethers.id("order"),
    amounts: [{ batchId: id, milligrams: MILLIGRAMS }],
  });
  const ordered = await gasOf(retirements.connect(regulator).retireByOrder(corporate.address, order, [[]]));
  return [
    { operation: "retire + certificate, a holder's first", gas: wholly, target: 148_000, bestPeer: TOUCAN },
    { operation: "retire + certificate, later", gas: later, target: 130_000, bestPeer: TOUCAN },
    {
      operation: "retire, each further batch in one certificate",
      gas: Math.ceil((ofFive - later) / 4),
      target: 23_000,
      bestPeer: null,
    },
    { operation: "retire on behalf of a holder, later", gas: onBehalf, target: null, bestPeer: null },
    { operation: "retire by a regulator's order, unfreezing", gas: ordered, target: null, bestPeer: null },
    ...(await measureFromPool(system, id)),
  ];
}

/** What a pool's retirement costs without the pool's own work: the pool here only passes the call on. */
async function measureFromPool(system: System, id: bigint): Promise<GasFigure[]> {
  const { ethers, credit, participants, retirements, admin, corporate, operator } = system;
  const pool = await ethers.deployContract("ContractParty", [admin.address]);
  const address = await pool.getAddress();
  await participants.appoint(admissionOf(ethers, address, KIND.corporate), 0);
  await credit.connect(operator).safeTransferFrom(operator.address, address, id, baseUnits(1_000_000n), "0x");
  await participants.appoint(admissionOf(ethers, address, KIND.pool), 0);
  const retire = (name: string) => {
    const request = requestOf(system, {
      nonce: ethers.id(name),
      amounts: [{ batchId: id, milligrams: MILLIGRAMS }],
    });
    return gasOf(
      pool.execute(
        retirements,
        retirements.interface.encodeFunctionData("retireFromPool", [corporate.address, request]),
      ),
    );
  };
  await retire("pool 1");
  const gas = await retire("pool 2");
  return [
    {
      operation: "retire from a pool, without the pool's own work",
      gas,
      target: 155_000,
      bestPeer: TOUCAN_POOL,
    },
  ];
}
