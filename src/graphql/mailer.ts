/** How use cases have the queue of mails looked at. */
export type Mailer = {
  /** Soon. Call it after the commit; what is missed is found within seconds. */
  readonly nudge: () => void;
};
