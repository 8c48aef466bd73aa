/** How long tokens live and how many a person may hold; all times are in seconds, by the database's clock. */
export type TokenPolicy = {
  /** A token unused for so long ends; null: never. */
  readonly ttl: number | null;
  /** A token ends so long after its issue, however busy; null: never. */
  readonly maxAge: number | null;
  /** Tokens per person; the longest-idle one makes room. */
  readonly limit: number;
};
