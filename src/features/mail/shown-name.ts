import { trim } from '../../shared/text.ts';
import { USERNAME_MAX_LENGTH } from '../users/username.ts';

const MAX_SHOWN = 40; // characters, for a reader who does not know the account

/** What mail programs make links of: hosts and paths, schemes, addresses, Windows shares; also the dots that browsers read as one. */
const LINK_MAKERS = /[./:@\\．。｡／：＠﹫․]/gu;

/** Line breaks, controls and invisible characters, with which a name could pass for a paragraph or be read backwards. */
const BLANKS = /[\p{C}\p{Z}]+/gu;

type Named = { readonly username: string; readonly isVerified: boolean };

/**
 * How a mail shows a username. A stranger can register any name with somebody else's address, so until the reader has confirmed the
 * address nothing in it can become a link: `evil.example/x` is shown as `evil[.]example[/]x`, and at most 40 characters of it.
 */
export function shownName({ username, isVerified }: Named): string {
  const name = trim(username.replace(BLANKS, ' '), USERNAME_MAX_LENGTH);
  return isVerified ? name : shortened(name).replace(LINK_MAKERS, '[$&]');
}

function shortened(name: string): string {
  const characters = [...name];
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN - 1).join('')}…` : name;
}
