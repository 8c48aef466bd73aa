/** 88 kB that NFKC takes a second for: every mark has to be put in order. */
export const COMBINING_MARKS = `a${'\u0301\u0316'.repeat(22_000)}`;
