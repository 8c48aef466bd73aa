/** What is wrong with one field of an input. Codes and sentences are Django's (see test/fixtures/django-rules.json). */
export type FieldError = { readonly field: string; readonly code: FieldErrorCode; readonly message: string };

/** The codes, with what each means, as `schema.graphql` describes them. */
export const fieldErrorCodes = {
  BLANK: 'The field is empty.',
  INVALID: 'The field does not have the right form.',
  MAX_LENGTH: 'The field is too long.',
  NULL_CHARACTERS_NOT_ALLOWED: 'The field contains a NUL character.',
  PASSWORD_INCORRECT: 'The password is not that of the account.',
  PASSWORD_ENTIRELY_NUMERIC: 'The password consists of digits only.',
  PASSWORD_TOO_COMMON: 'The password is on the list of common passwords.',
  PASSWORD_TOO_SHORT: 'The password is too short.',
  PASSWORD_TOO_SIMILAR: 'The password is too similar to the username, the name or the email address.',
  UNIQUE: 'Another user has that value already.',
} as const;

export type FieldErrorCode = keyof typeof fieldErrorCodes;

/** A problem that is not yet tied to a field of an input. */
export type Problem = Omit<FieldError, 'field'>;

export const blank: Problem = { code: 'BLANK', message: 'This field cannot be blank.' };
export const nullCharacters: Problem = { code: 'NULL_CHARACTERS_NOT_ALLOWED', message: 'Null characters are not allowed.' };
export const invalidText: Problem = { code: 'INVALID', message: 'Enter a valid value.' };
export const invalidEmail: Problem = { code: 'INVALID', message: 'Enter a valid email address.' };
export const invalidUsername: Problem = {
  code: 'INVALID',
  message: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
};
export const invalidAsciiUsername: Problem = {
  code: 'INVALID',
  message:
    'Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, numbers, and @/./+/-/_ characters.',
};
export const usernameTaken: Problem = { code: 'UNIQUE', message: 'A user with that username already exists.' };
export const passwordTooCommon: Problem = { code: 'PASSWORD_TOO_COMMON', message: 'This password is too common.' };
export const passwordEntirelyNumeric: Problem = { code: 'PASSWORD_ENTIRELY_NUMERIC', message: 'This password is entirely numeric.' };

export const passwordIncorrect: Problem = {
  code: 'PASSWORD_INCORRECT',
  message: 'Your password was entered incorrectly. Please enter it again.',
};
export const emailUnchanged: Problem = { code: 'INVALID', message: 'This is the email address of the account already.' };
export const addressTaken: Problem = {
  code: 'UNIQUE',
  message: 'Another account has this email address already. Reset its password by mail to use that account.',
};
export const invalidLink: Problem = { code: 'INVALID', message: 'This link does not work, or no longer. Please ask for a new one.' };
export const invalidTime: Problem = { code: 'INVALID', message: 'Choose a time from the year 1 to 9999.' };
export const valueTaken: Problem = { code: 'UNIQUE', message: 'Another user has this value already.' };
export const inThePast: Problem = { code: 'INVALID', message: 'Choose a time in the future.' };

/** @param known the names of all scopes */
export const unknownScope = (known: readonly string[]): Problem => ({
  code: 'INVALID',
  message: known.length === 0 ? 'This server has no scopes.' : `Choose from these scopes: ${known.join(', ')}.`,
});

/** @param latest the last moment that will do */
export const tooFarAway = (latest: Date): Problem => ({
  code: 'INVALID',
  message: `Choose a time until ${latest.toISOString().slice(0, 16)}Z.`,
});

export const passwordTooSimilar = (attribute: string): Problem => ({
  code: 'PASSWORD_TOO_SIMILAR',
  message: `The password is too similar to the ${attribute}.`,
});

export const passwordTooShort = (minLength: number): Problem => ({
  code: 'PASSWORD_TOO_SHORT',
  message: `This password is too short. It must contain at least ${minLength} ${minLength === 1 ? 'character' : 'characters'}.`,
});

/** @param limit,length in characters (code points, as Django counts). */
export const tooLong = (limit: number, length: number): Problem => ({
  code: 'MAX_LENGTH',
  message: `Ensure this value has at most ${limit} characters (it has ${length}).`,
});

/** Ties problems to the input field they are about. */
export const onField = (field: string, problems: readonly Problem[]): FieldError[] => problems.map((problem) => ({ field, ...problem }));

/** A mutation is not to be done, and the client is to hear why beside the fields. */
export class Refused extends Error {
  override name = 'Refused';
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ message }) => message).join(' '));
    this.errors = errors;
  }
}

/** Refuses a mutation from inside a hook: it is undone, and answers “Invalid input” with these errors. @throws Refused, always */
export function refuse(...errors: readonly FieldError[]): never {
  throw new Refused(errors);
}
