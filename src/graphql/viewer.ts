/** Who is asking, as read from a token. */
export type Viewer = {
  readonly userId: number;
  readonly tokenId: string;
  readonly isActive: boolean;
  /** Whether they may look after the accounts of others. Superusers may all that staff may. */
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  /** By the database's clock. */
  readonly isExpired: boolean;
  /** Whether the token's last use is on record, give or take a minute. */
  readonly isNoted: boolean;
};
