/** Who is asking, as read from a token. */
export type Viewer = {
  readonly userId: number;
  readonly tokenId: string;
  readonly isActive: boolean;
  readonly isStaff: boolean;
  /** By the database's clock. */
  readonly isExpired: boolean;
  /** Whether the token's last use is on record, give or take a minute. */
  readonly isNoted: boolean;
};
