import Bowser from 'bowser';

const UNKNOWN = 'Unknown device';

/** UTF-16 units: a name is a client's text, and has to fit its column. */
const MAX_LENGTH = 150;

/** What to call a token by default, from the User-Agent: "Firefox on Linux", or "curl" for programs that are no browser. */
export function deviceName(userAgent: string): string {
  if (userAgent.trim() === '') return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent);
  const name = browser.name && os.name ? `${browser.name} on ${os.name}` : browser.name; // of a program it does not know, its own words
  return (name || /^[\w.@+-]+/.exec(userAgent)?.[0] || UNKNOWN).slice(0, MAX_LENGTH);
}
