package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where a DNS server is. */
@Scalar(
        value = "an IP address",
        pattern = "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$",
        examples = {"10.0.0.53", "127.0.0.1:8600", "[2001:db8::53]:53"},
        doc = "An IPv4 address, or an IPv6 address in brackets, with a port if it isn't 53.")
public record DnsServer(InetSocketAddress address) {
    private static final int PORT = 53;

    public static DnsServer parse(String text) throws BadValue {
        boolean port = text.lastIndexOf(':') > text.lastIndexOf(']');
        HostPort at = HostPort.parse(port ? text : text + ":" + PORT);
        if (Addresses.parse(at.host()) == null) {
            throw new BadValue(
                    Nodes.quote(text) + " is not an IP address", "who resolves names can't be found by its name");
        }
        return new DnsServer(new InetSocketAddress(InetAddress.ofLiteral(at.host()), at.port()));
    }

    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return address.getPort() == PORT ? shown : shown + ":" + address.getPort();
    }
}
