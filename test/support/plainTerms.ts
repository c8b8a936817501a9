/** What a methodology of the second form says where it caps, deducts and asks for nothing. */
export const PLAIN_TERMS = {
  caps: {
    unitsPerAct: null,
    gramsPerAct: null,
    gramsPerSubjectDay: null,
    gramsPerSubjectYear: null,
    gramsPerProgrammeYear: null,
  },
  deductions: [],
  predicates: [],
  signatures: null,
  documents: [],
} as const;
