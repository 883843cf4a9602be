package io.foregate.control.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Socket addresses as people write them. Stateless. */
final class Addresses {
    private Addresses() {}

    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        String host = ip == null ? address.getHostString() : ip.getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
