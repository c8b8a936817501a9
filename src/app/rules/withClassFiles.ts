import type { ClassLists } from "../../format/batch/classes/classLists.ts";
import { publishedClasses } from "../../stages/rules/classesContent.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";

/**
 * Lists of scenario classes and those of files beside them. @throws InputError as `readRuleFile`,
 * `classes.conflict` where a file gives a code or a name another meaning
 */
export function withClassFiles(lists: ClassLists, files: readonly RuleFile[]): ClassLists {
  return files
    .map((file) => readRuleFile(file, ["scenario-classes"], { classLists: lists }))
    .reduce((known, content) => known.with(publishedClasses(content)), lists);
}
