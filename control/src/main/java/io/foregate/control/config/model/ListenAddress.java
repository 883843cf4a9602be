package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;

/** Where a listener listens. An empty {@code host} is every address of the machine; port 0 lets the system choose. */
@Scalar(
        value = "a listening address",
        pattern = "^(\\[[0-9A-Fa-f:.]+\\]|[^:/\\s\\[\\]]*):[0-9]{1,5}$",
        examples = {":8080", "127.0.0.1:8080", "[::1]:80"},
        doc = "`:port` for every address of the machine, or `address:port`. Write it in quotes. Port 0 lets the system"
                + " choose one.")
public record ListenAddress(String host, int port) {
    public static ListenAddress parse(String text) throws BadValue {
        // Some write every address of the machine so.
        HostPort.Split split =
                HostPort.Split.of(text.startsWith("*:") ? text.substring(1) : text, "write for example \":8080\"");
        String host = split.host();
        boolean local = host.isEmpty() || host.equals("localhost") || Addresses.parse(host) != null;
        if (!local) {
            throw new BadValue(
                    Nodes.quote(host.toLowerCase(Locale.ROOT)) + " is not an address of this machine",
                    "write an IP address, localhost, or \":" + split.port() + "\" for all addresses");
        }
        return new ListenAddress(host, split.port());
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
