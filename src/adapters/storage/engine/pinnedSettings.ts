/**
 * What statements here rely on and a database's, a role's or a server's own settings may have otherwise: how
 * a text of SQL is read, and how bytes come as text.
 */
export const PINNED_SETTINGS = "SET standard_conforming_strings = on; SET bytea_output = hex";

/** As Postgres writes it: `migrate` tells by it that nobody chose another schema. */
export const USUAL_SEARCH_PATH = '"$user", public';

/**
 * The script that a new connection begins with. Tables are looked for where Postgres has them by itself: a
 * setting that was altered since would show another database. Whoever keeps them in another schema says so in
 * the URL: `?options=-c search_path=…`.
 */
export function pinnedSettings(url: string): string {
  const chosen = /[?&]options=[^&]*search_path/.test(url);
  return chosen ? PINNED_SETTINGS : `${PINNED_SETTINGS}; SET search_path = ${USUAL_SEARCH_PATH}`;
}
