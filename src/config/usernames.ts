/** What new names are made of: Django's UnicodeUsernameValidator or its ASCIIUsernameValidator. */
export type UsernameAlphabet = 'unicode' | 'ascii';
