/** Host, port and database of a URL, but neither user nor password. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
