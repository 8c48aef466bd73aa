/** Who is asking, as read from a live token. */
export type Viewer = {
  readonly userId: number;
  readonly tokenId: string;
  readonly isActive: boolean;
  readonly isStaff: boolean;
};
