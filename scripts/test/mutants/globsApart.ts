/** Between globs in one setting of the environment; a comma stands inside of their braces. */
export const GLOBS_APART = "\n";
