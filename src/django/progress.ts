/** Told how far a takeover is, in users. */
export type Progress = { readonly start: (total: number) => void; readonly advance: (by: number) => void; readonly stop: () => void };
