/** What the server says of itself, in the page. */
export type Facts = {
  readonly product: string;
  /** The path of an image; null: none. */
  readonly logo: string | null;
  readonly registration: boolean;
  readonly mail: boolean;
  readonly account: boolean;
  readonly admin: boolean;
  /** Characters of a password. */
  readonly minLength: number;
  /** By name, with what each allows. */
  readonly scopes: Readonly<Record<string, string>>;
};

export const facts: Facts = JSON.parse(document.getElementById('facts')?.textContent ?? '');
