/** Begins a statement that writes, but does no harm when a connection breaks and it is done twice; see database/lease.ts. */
export const REPEATABLE = '/* repeatable */';
