package airlock.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Tells public addresses from special ones (IANA's registries of special-purpose addresses, RFC
/// 6890 and its successors, as of 2025).
final class PublicAddresses {
    private static final List<Block> IPV4 =
            List.of(
                    new Block("0.0.0.0", 8, "this network"),
                    new Block("10.0.0.0", 8, "private"),
                    new Block("100.64.0.0", 10, "shared by a carrier's customers"),
                    new Block("127.0.0.0", 8, "loopback"),
                    // clouds serve a machine's credentials there
                    new Block("168.63.129.16", 32, "a cloud's metadata"),
                    new Block("169.254.0.0", 16, "link-local"),
                    new Block("172.16.0.0", 12, "private"),
                    new Block("192.0.0.0", 24, "reserved for protocols"),
                    new Block("192.0.2.0", 24, "for documentation"),
                    new Block("192.88.99.0", 24, "a relay of IPv6 in IPv4"),
                    new Block("192.168.0.0", 16, "private"),
                    new Block("198.18.0.0", 15, "for benchmarks"),
                    new Block("198.51.100.0", 24, "for documentation"),
                    new Block("203.0.113.0", 24, "for documentation"),
                    new Block("224.0.0.0", 4, "multicast"),
                    new Block("240.0.0.0", 4, "reserved"));

    private static final Block GLOBAL_UNICAST = new Block("2000::", 3, "global unicast");

    /// Special blocks within global unicast, and others that have a better name than "not public".
    private static final List<Block> IPV6 =
            List.of(
                    new Block("::", 128, "nobody's"),
                    new Block("::1", 128, "loopback"),
                    new Block("::", 96, "an IPv4 address in IPv6"),
                    new Block("64:ff9b::", 96, "an IPv4 address in IPv6 (NAT64)"),
                    new Block("64:ff9b:1::", 48, "an IPv4 address in IPv6 (NAT64)"),
                    new Block("2001::", 23, "reserved for protocols"),
                    new Block("2001:db8::", 32, "for documentation"),
                    new Block("2002::", 16, "an IPv4 address in IPv6 (6to4)"),
                    new Block("3fff::", 20, "for documentation"),
                    new Block("fc00::", 7, "private"),
                    new Block("fe80::", 10, "link-local"),
                    new Block("fec0::", 10, "private"),
                    new Block("ff00::", 8, "multicast"));

    private PublicAddresses() {}

    /// Addresses whose first bits are those of another one.
    private record Block(byte[] base, int bits, String kind) {
        Block(String base, int bits, String kind) {
            this(InetAddress.ofLiteral(base).getAddress(), bits, kind);
        }

        boolean has(InetAddress address) {
            byte[] bytes = address.getAddress();
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if ((bytes[i >> 3] & mask) != (base[i >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// The kind of a special address; empty for a public one.
    ///
    /// @param address an IPv4 address in IPv6 form (`::ffff:0:0/96`) is an IPv4 one for Java
    static Optional<String> refusal(InetAddress address) {
        boolean isIpv4 = address instanceof Inet4Address;
        for (Block block : isIpv4 ? IPV4 : IPV6) {
            if (block.has(address)) {
                return Optional.of(block.kind());
            }
        }
        return isIpv4 || GLOBAL_UNICAST.has(address)
                ? Optional.empty()
                : Optional.of("of no host of the internet");
    }
}
