const LONGEST = 80; // characters

/** The value of these may be a password, if the operator has confused variables. */
const secret = /^(DATABASE_(DIRECT_|READ_)?URLS?|SMTP_URL|OTEL_EXPORTER_OTLP_ENDPOINT)$/;
const url = /^([a-z][a-z\d+.-]*:\/\/)[^,\s]*$/i;

/** A value for a message: quoted, with secrets masked, and shortened. @param name the name of its variable */
export function shownValue(name: string, value: string): string {
  if (secret.test(name) && !url.test(value)) return '***';
  const masked = value.replace(/:\/\/[^\s]*@/g, '://***@');
  return JSON.stringify(shorten(secret.test(name) ? masked.replace(/[?#].*$/s, '?***') : masked));
}

const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
