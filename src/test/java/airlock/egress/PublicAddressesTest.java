package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2400::1",
                "2600::",
                "3ffe::1",
            })
    void hostsOfTheInternetHaveThese(String address) {
        assertThat(PublicAddresses.refusal(InetAddress.ofLiteral(address))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, this network",
        "0.1.2.3, this network",
        "10.0.0.0, private",
        "10.255.255.255, private",
        "100.64.0.1, shared by a carrier's customers",
        "100.127.255.255, shared by a carrier's customers",
        "127.0.0.1, loopback",
        "127.255.255.255, loopback",
        "168.63.129.16, a cloud's metadata",
        "169.254.169.254, link-local",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.192, reserved for protocols",
        "192.0.2.1, for documentation",
        "192.88.99.1, a relay of IPv6 in IPv4",
        "192.168.255.255, private",
        "198.18.0.1, for benchmarks",
        "198.19.255.255, for benchmarks",
        "198.51.100.7, for documentation",
        "203.0.113.7, for documentation",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "::, nobody's",
        "::1, loopback",
        "::7f00:1, an IPv4 address in IPv6",
        "::ffff:127.0.0.1, loopback",
        "::ffff:10.0.0.1, private",
        "64:ff9b::7f00:1, an IPv4 address in IPv6 (NAT64)",
        "64:ff9b:1::a00:1, an IPv4 address in IPv6 (NAT64)",
        "100::1, of no host of the internet",
        "2001::1, reserved for protocols",
        "2001:db8::1, for documentation",
        "2002:7f00:1::, an IPv4 address in IPv6 (6to4)",
        "3fff::1, for documentation",
        "4000::1, of no host of the internet",
        "5f00::1, of no host of the internet",
        "fc00::1, private",
        "fd00:ec2::254, private",
        "fe80::1, link-local",
        "febf::1, link-local",
        "fec0::1, private",
        "ff02::1, multicast",
    })
    void noHostOfTheInternetHasThese(String address, String kind) {
        assertThat(PublicAddresses.refusal(InetAddress.ofLiteral(address))).contains(kind);
    }

    @Test
    void anIpv4AddressThatComesAsAnIpv6OneIsTheSame() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        assertThat(PublicAddresses.refusal(InetAddress.getByAddress(mapped))).contains("loopback");
        assertThat(PublicAddresses.refusal(Inet6Address.getByAddress("", mapped, 0))).isPresent();
    }
}
