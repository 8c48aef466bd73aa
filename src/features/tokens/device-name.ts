import Bowser from 'bowser';
import { mayFit, trim } from '../../shared/text.ts';

const UNKNOWN = 'Unknown device';
const NAME_MAX_LENGTH = 150; // characters; Bowser may take a whole header for the name of a browser that it does not know
const LONGEST = 300; // characters; a Client holds no more

/** The default name of a token, from the User-Agent: "Firefox on Linux", or "curl" for programs other than browsers. */
export const deviceName = (userAgent: string): string => programOf(userAgent).slice(0, NAME_MAX_LENGTH);

function programOf(userAgent: string): string {
  if (!mayFit(userAgent, LONGEST) || trim(userAgent, LONGEST) === '') return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name) return os.name ? `${browser.name} on ${os.name}` : browser.name;
  return /^[\w.@+-]+/.exec(userAgent)?.[0] ?? UNKNOWN;
}
