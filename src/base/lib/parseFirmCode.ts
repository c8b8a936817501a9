import type { FirmCode } from "../types/firmCode.ts";

/** GB 32100-2015: the characters of a unified social credit code, in the order of their values. */
const USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/**
 * A firm's code as people write it, `LEI:` or `USCC:` before it; null where it is none, a wrong check digit
 * among the reasons: a mistyped code would make another firm of it, for good.
 */
export function parseFirmCode(text: string): FirmCode | null {
  const [, scheme, code = ""] = /^(LEI|USCC):([0-9A-Z]+)$/.exec(text.trim().toUpperCase()) ?? [];
  if (scheme === "LEI" && isLei(code)) return { scheme, code };
  if (scheme === "USCC" && isUscc(code)) return { scheme, code };
  return null;
}

/** ISO 17442: 20 characters, as a number with letters from 10 on 1 modulo 97. */
function isLei(code: string): boolean {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(code)) return false;
  const digits = Array.from(code, (character) => String(Number.parseInt(character, 36))).join("");
  return BigInt(digits) % 97n === 1n;
}

/** GB 32100-2015: 18 characters, their sum weighted by powers of 3 is 0 modulo 31. */
function isUscc(code: string): boolean {
  const values = Array.from(code, (character) => USCC_CHARACTERS.indexOf(character));
  if (values.length !== 18 || values.includes(-1)) return false;
  const check = values.pop() as number;
  const [sum] = values.reduce(
    ([total, weight], value) => [total + value * weight, (weight * 3) % 31],
    [0, 1],
  );
  return (sum + check) % 31 === 0;
}
