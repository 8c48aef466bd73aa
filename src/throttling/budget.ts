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
  /** Right passwords of somebody signed in, in the same: each costs a hash. */
  readonly confirmedPerUser: Budget;
  readonly registerPerAddress: Budget;
  /** Mails asked for. */
  readonly resetPerAddress: Budget;
  /** Links tried. */
  readonly linkPerAddress: Budget;
};

export type BudgetName = keyof Budgets;
