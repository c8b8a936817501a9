/** 32 bytes as the format writes them: 0x and 64 lower-case hex digits. */
export const WORD32 = /^0x[0-9a-f]{64}$/;
/** The same in either case: how people and key files write a key. */
export const WORD32_ANY_CASE = /^0x[0-9a-f]{64}$/i;
/** Their digits alone: names of folders, halves of signatures. */
export const DIGITS_OF_WORD32 = /^[0-9a-f]{64}$/;
/** A commit of the sources, whole or shortened. */
export const COMMIT_HASH = /^[0-9a-f]{7,40}$/;
/** One pooling operator. */
export const TENANT_ID = /^[a-z0-9-]{2,32}$/;
/** One reporting platform; also the name of a network. */
export const PROVIDER_ID = /^[a-z0-9-]{2,64}$/;
/** Region of a methodology and of a batch. */
export const REGION_CODE = /^[A-Z0-9]{2,8}$/;
/** A class of acts, by name; which ones there are is a list's to say. */
export const SCENARIO_NAME = /^[a-z][a-z0-9-]{1,63}$/;
/** Digits with a point or without, as numbers stand in attributes. */
export const PLAIN_DECIMAL = /^[0-9]{1,30}(?:\.[0-9]{1,30})?$/;
/** Vehicle, meter, connector: what an act was done with. */
export const ASSET_KIND = /^[a-z][a-z0-9-]{1,31}$/;
/** Version of a rule, or of a text that people consent to. */
export const VERSION_LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
/** What quantities are counted in. */
export const UNIT_NAME = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;
export const PROFILE_NAME = /^[a-z0-9][a-z0-9-]{1,63}$/;
/** A country's code: two capital letters of ISO 3166-1 alpha-2. */
export const COUNTRY_CODE = /^[A-Z]{2}$/;

/**
 * Who a legal entity is: an LEI (ISO 17442) has 20 digits and capital letters, a USCC (GB 32100, China's
 * unified social credit code) 18. Check digits are not looked at.
 */
export const LEGAL_ENTITY_ID = /^(?:[0-9A-Z]{18}|[0-9A-Z]{20})$/;

/** An account's address, whatever its case says of a checksum. */
export const ADDRESS_ANY_CASE = /^0x[0-9a-fA-F]{40}$/;
/** A calendar date's form; not whether there is such a day. */
export const CALENDAR_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** Decimal digits without leading zeros, below 10^18. */
export const DIGITS_18 = /^(?:0|[1-9][0-9]{0,17})$/;
/** The same below 10^19: what a mass in whole milligrams is written as. */
export const DIGITS_19 = /^(?:0|[1-9][0-9]{0,18})$/;
/**
 * One line that shows as what it is: no control character, which a database or a terminal may take for a
 * command, no separator of lines, and nothing that turns the direction of writing.
 */
export const PLAIN_LINE = /^[^\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]*$/u;
export const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Schemes of a node's or a service's address. */
export const HTTP_SCHEME = /^https?$/;
