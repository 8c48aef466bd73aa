import ipaddr from 'ipaddr.js';

/**
 * What counts as one address: an IPv4 address, or the /64 that a customer of an IPv6 provider has to themselves.
 * @param address null when the connection was gone before it could be read: all of those count as one
 */
export function addressBlock(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address); // an IPv4-mapped IPv6 address becomes IPv4
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`;
}
