export type LabelledLink = { readonly label: string; readonly url: string };

/** What a mail says. */
export type Letter = {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly links?: readonly LabelledLink[];
  /** As in `de`, for programs that read mails aloud. Default: `en`. */
  readonly language?: string;
};

/** An account that a mail is about. */
export type LetterAccount = {
  /** The username, in a form that no mail program turns into a link. */
  readonly name: string;
  /** URL; empty for mails without one. */
  readonly link: string;
};

/** What a letter is made of. */
export type LetterFacts = LetterAccount & {
  /** PRODUCT_NAME. */
  readonly product: string;
  /** All accounts, in the letter PASSWORD_RESET_OF_SEVERAL; elsewhere the one. */
  readonly accounts: readonly LetterAccount[];
};

/** Writes a letter. The caller escapes it for HTML. */
export type WriteLetter = (facts: LetterFacts) => Letter;
