import { BlockList, isIPv6, type LookupFunction } from "node:net";

/**
 * All that is handed out as public IPv6: https://www.iana.org/assignments/ipv6-unicast-address-assignments.
 */
const PUBLIC_IPV6 = new BlockList();
PUBLIC_IPV6.addSubnet("2000::", 3, "ipv6");

/**
 * A name lookup that passes no IPv6 address outside of the public ones on. The filtering agent, which looks
 * at every address after this, knows the special ranges; this closes what lies in none of them, such as the
 * old IPv4-compatible form ::127.0.0.1.
 */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, addresses, family) => {
      const all =
        typeof addresses === "string" ? [addresses] : (addresses ?? []).map(({ address }) => address);
      if (error === null && all.some((address) => isIPv6(address) && !PUBLIC_IPV6.check(address, "ipv6"))) {
        callback(
          Object.assign(new Error("The name leads to an address that is not allowed."), {
            code: "EADDRFORBIDDEN",
          }),
          "",
        );
        return;
      }
      callback(error, addresses, family);
    });
  };
}
