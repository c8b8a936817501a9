/**
 * `microtonne/abis`: the contracts' ABIs, each named for its contract (`BatchRegistry`: `batchRegistryAbi`),
 * as constants that viem and abitype read types from. Errors, events, functions; no bytecode and no
 * addresses, which are in the deployment file.
 */
export {
  accessManagerAbi,
  batchDisputesAbi,
  batchRegistryAbi,
  carbonCreditAbi,
  carbonPoolFactoryAbi,
  externalUnitsAbi,
  methodologyRegistryAbi,
  participantRegistryAbi,
  retirementRegistryAbi,
  settlementCashAbi,
} from "../adapters/chain/abis.generated.ts";
