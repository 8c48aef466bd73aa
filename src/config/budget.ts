/** How many attempts within how many seconds. */
export type Budget = { readonly limit: number; readonly seconds: number };

/** Every budget, by what it counts. */
export type Budgets = {
  /** Failed logins to one account, whether it exists or not, from one address. */
  readonly loginPerAccount: Budget;
  /** The same from all addresses together. Once it is used up, only those are heard from which the owner has signed in lately. */
  readonly loginPerAccountEverywhere: Budget;
  /** Failed logins from one address. */
  readonly loginPerAddress: Budget;
  /** Wrong passwords of somebody signed in: changePassword, createToken, changeEmail, deleteAccount. */
  readonly passwordPerUser: Budget;
  /** Right passwords of somebody signed in, in the same: each costs a hash. */
  readonly confirmedPerUser: Budget;
  /** Registrations tried, whatever comes of them. */
  readonly registerPerAddress: Budget;
  /** Mails asked for. */
  readonly resetPerAddress: Budget;
  /** Links tried that do not work. */
  readonly linkPerAddress: Budget;
  /** What somebody of staff does to accounts. */
  readonly staffActs: Budget;
  /** What somebody of staff looks up. */
  readonly staffReads: Budget;
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
