package io.foregate.control.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.List;

/** The machine's name service: its hosts file, its DNS servers. Thread-safe. */
final class SystemNames implements NameLookup {
    SystemNames() {
        // The JDK would answer from a cache of its own, ten seconds for a name that wasn't there: NameResolution sets
        // the
        // pace instead. Both are read when the first name is looked up, so this comes in time.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }
}
