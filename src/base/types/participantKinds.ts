/** Bits of a participant's kinds, as the registry has them. */
export const PARTICIPANT_KINDS = {
  operator: 1,
  verifier: 2,
  corporate: 4,
  bank: 8,
  exchange: 16,
  escrow: 32,
  liquidator: 64,
  platform: 128,
  registry: 256,
  pool: 512,
  "pool-factory": 1024,
  "lien-agent": 2048,
  registrar: 4096,
  regulator: 8192,
  guardian: 16384,
  "cash-issuer": 32768,
  settlement: 65536,
  signer: 131072,
} as const;
export type ParticipantKind = keyof typeof PARTICIPANT_KINDS;

/** Kinds that only a known firm may be. */
export const FIRM_KINDS: readonly ParticipantKind[] = [
  "operator",
  "verifier",
  "bank",
  "exchange",
  "liquidator",
  "registry",
  "regulator",
  "guardian",
  "cash-issuer",
  "signer",
];
