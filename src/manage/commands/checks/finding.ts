/** What `check` found out. */
export type Finding = {
  readonly area: 'configuration' | 'database' | 'migrations' | 'events' | 'mail';
  /** An `error` keeps the server from working; `skipped` says why nothing was found out. */
  readonly status: 'ok' | 'warning' | 'error' | 'skipped';
  readonly message: string;
  /** How to mend it. */
  readonly advice?: string;
};
