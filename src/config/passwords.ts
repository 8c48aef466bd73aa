/** What a password has to be, besides unlike its owner and uncommon. */
export type PasswordPolicy = {
  /** Characters; PASSWORD_MIN_LENGTH. */
  readonly minLength: number;
  /** Of the sites that this server is for: their names are guessed first. */
  readonly hosts: readonly string[];
};
