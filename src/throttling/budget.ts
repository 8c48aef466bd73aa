/** How many attempts within how many seconds. */
export type Budget = { readonly limit: number; readonly seconds: number };

/** Every budget, by what it counts. */
export type Budgets = {
  /** Failed logins to one account, whether it exists or not. */
  readonly loginPerAccount: Budget;
  /** Failed logins from one address. */
  readonly loginPerAddress: Budget;
  /** Wrong passwords of somebody signed in: changePassword, createToken, changeEmail, deleteAccount. */
  readonly passwordPerUser: Budget;
  readonly registerPerAddress: Budget;
  /** Mails asked for. */
  readonly resetPerAddress: Budget;
  /** Links tried. */
  readonly linkPerAddress: Budget;
  /** Mails that one address has sent to people, by whatever it asks for. */
  readonly mailsPerAddress: Budget;
  /** Mails to one mailbox that anybody can ask for, over all accounts and kinds. */
  readonly mailsPerHour: Budget;
  readonly mailsPerDay: Budget;
  /** Those among them for accounts with an address that is not confirmed and that an older account has. */
  readonly untrustedMailsPerHour: Budget;
  readonly untrustedMailsPerDay: Budget;
  /** What a mailbox is told about its own accounts. */
  readonly noticesPerHour: Budget;
  readonly noticesPerDay: Budget;
};

export type BudgetName = keyof Budgets;
