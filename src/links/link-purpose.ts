type Rules = {
  /** How long a link works, in seconds from its sending. */
  readonly lifetime: number;
  /** SQL over `u`, the account: the link dies when any of it changes. */
  readonly dependsOn: string;
  /** SQL over `u` and `m`, the queued mail: whether there is still something to send a link for. */
  readonly isDue: string;
};

/** What links sent by mail are for. */
export const linkPurposes = {
  'password-reset': {
    lifetime: 60 * 60,
    dependsOn: 'u.password_hash, u.email, extract(epoch from u.last_login)',
    isDue: "u.email = m.recipient and u.password_hash not like '!%'",
  },
  'email-verification': {
    lifetime: 24 * 60 * 60,
    dependsOn: 'u.email',
    isDue: 'u.email = m.recipient and not u.email_verified',
  },
  // On the password as well: whoever changes it because a stranger knew it voids the stranger's change of address.
  'email-change': {
    lifetime: 24 * 60 * 60,
    dependsOn: 'u.password_hash, u.email',
    isDue: 'u.email <> m.recipient',
  },
} as const satisfies Record<string, Rules>;

export type LinkPurpose = keyof typeof linkPurposes;
