/**
 * Said in a transaction that reads many rows, at the pace of whoever takes them: a timeout of the server's
 * is for statements that hang, and would end these each time anew.
 */
export const AT_LEISURE =
  "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";
