/** A country's code: two capital letters of ISO 3166-1 alpha-2. */
export const COUNTRY_CODE = /^[A-Z]{2}$/;

/**
 * Who a legal entity is: an LEI (ISO 17442) has 20 digits and capital letters, a USCC (GB 32100, China's
 * unified social credit code) 18. Check digits are not looked at.
 */
export const LEGAL_ENTITY_ID = /^(?:[0-9A-Z]{18}|[0-9A-Z]{20})$/;
