type Rules = {
  /** How long a link works, in seconds from its sending. */
  readonly lifetime: number;
  /** Whether the link dies when the password changes. It dies with the address in any case. */
  readonly diesWithPassword: boolean;
  /** SQL over `u` and `m`, the queued mail: whether there is still something to send a link for. */
  readonly isDue: string;
};

/** What links sent by mail are for. None dies of a login: a thief who logs in must not keep the owner from recovering the account. */
export const linkPurposes = {
  'password-reset': {
    lifetime: 60 * 60,
    diesWithPassword: true,
    isDue: "u.email = m.recipient and u.password_hash not like '!%'",
  },
  'email-verification': {
    lifetime: 24 * 60 * 60,
    diesWithPassword: false,
    isDue: 'u.email = m.recipient and not u.email_verified',
  },
  // On the password as well: whoever changes it because a stranger knew it voids the stranger's change of address.
  'email-change': {
    lifetime: 24 * 60 * 60,
    diesWithPassword: true,
    isDue: 'u.email <> m.recipient',
  },
} as const satisfies Record<string, Rules>;

export type LinkPurpose = keyof typeof linkPurposes;
