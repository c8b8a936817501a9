import {
  deployExternalUnits,
  idOf,
  MILLIGRAMS_PER_UNIT,
  sign,
  START,
  statementOf,
  type ExternalSystem,
} from "../externalUnits.ts";
import { requestOf } from "../retirements.ts";
import type { Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

/** Toucan registers, mints and fractionalises in one call. */
const TOUCAN = "Toucan: 583509";

async function immobilise(
  system: ExternalSystem,
  first: bigint,
  hint: bigint,
): Promise<{ id: bigint; gas: number }> {
  const statement = statementOf(system, {
    first,
    end: first + 1_000n,
    documentHash: system.ethers.id(String(first)),
  });
  const signature = await sign(system, statement);
  return {
    id: idOf(system, statement.units),
    gas: await gasOf(system.units.immobilise(statement, hint, signature)),
  };
}

/** A block's way in, its retirement and its way out. */
export async function measureExternalUnits(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deployExternalUnits(ethers);
  const { retirements, units, corporate } = system;
  const first = await immobilise(system, 1_000n, START);
  await immobilise(system, 5_000n, 1_000n);
  const between = await immobilise(system, 3_000n, 1_000n);
  const account = ethers.id("account over there");
  const retire = (nonce: string) => {
    const request = requestOf(system, {
      nonce: ethers.id(nonce),
      amounts: [{ batchId: first.id, milligrams: MILLIGRAMS_PER_UNIT }],
    });
    return gasOf(retirements.connect(corporate).retireExternal(request));
  };
  const retired = (await retire("1"), await retire("2"));
  const released = await gasOf(units.connect(corporate).release(first.id, 10n, account));
  const whole = await gasOf(units.connect(corporate).release(between.id, 1_000n, account));
  const figure = (operation: string, gas: number, bestPeer: string | null = null): GasFigure => ({
    operation,
    gas,
    target: null,
    bestPeer,
  });
  return [
    figure("immobilise + mint external units, a line's first", first.gas, TOUCAN),
    figure("immobilise + mint external units, between two blocks", between.gas, TOUCAN),
    figure("retire external units + certificate, later", retired),
    figure("release external units, from the tail", released),
    figure("release external units, the whole block", whole),
  ];
}
