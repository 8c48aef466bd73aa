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
};

export type BudgetName = keyof Budgets;
