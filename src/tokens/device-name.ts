import Bowser from 'bowser';

const UNKNOWN = 'Unknown device';

/** What to call a token by default, from the User-Agent: "Firefox on Linux", or "curl" for programs that are no browser. */
export function deviceName(userAgent: string): string {
  if (userAgent.trim() === '') return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name) return os.name ? `${browser.name} on ${os.name}` : browser.name;
  return /^[\w.@+-]+/.exec(userAgent)?.[0].slice(0, 150) ?? UNKNOWN;
}
