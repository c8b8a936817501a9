/**
 * Media types in which a provider's file may come. Which of them it is does not matter: the profile says how
 * it is read.
 */
export const FILE_TYPES = [
  "application/x-ndjson",
  "text/csv",
  "text/tab-separated-values",
  "application/json",
  "application/gzip",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/octet-stream",
];
