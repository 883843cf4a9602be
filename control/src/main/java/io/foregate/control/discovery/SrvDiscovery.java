package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.DiscoveryFactory;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Each SRV record of a service is a server (RFC 2782), with its port, priority and weight; its name is resolved like that of any
 * server. Options are {@code name} (as {@code srv} in the configuration), {@code secure} (true or false) and {@code refresh}.
 */
final class SrvDiscovery implements LookedUpDiscovery.Question {
    private static final int MOST_WEIGHT = 100;
    private static final Comparator<DiscoveredServer> ORDER = Comparator.comparingInt(DiscoveredServer::priority)
            .thenComparing(DiscoveredServer::host)
            .thenComparingInt(DiscoveredServer::port);

    /** Asks for the records of a service. */
    @FunctionalInterface
    interface Lookup {
        DnsAnswer<ServiceRecord> services(String name) throws UnknownHostException, InterruptedException;
    }

    private final Lookup lookup;
    private final String name;
    private final boolean secure;

    private SrvDiscovery(Lookup lookup, String name, boolean secure) {
        this.lookup = lookup;
        this.name = name;
        this.secure = secure;
    }

    static DiscoveryFactory by(Lookup lookup, Pace pace) {
        return new LookedUpDiscovery(
                "srv",
                pace,
                options -> new SrvDiscovery(
                        lookup, options.getOrDefault("name", ""), Boolean.parseBoolean(options.get("secure"))));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LookedUpDiscovery.Found ask() throws UnknownHostException, InterruptedException {
        DnsAnswer<ServiceRecord> answer = lookup.services(name);
        return new LookedUpDiscovery.Found(servers(answer.records(), secure), Duration.ofSeconds(answer.ttlSeconds()));
    }

    static List<DiscoveredServer> servers(List<ServiceRecord> records, boolean secure) {
        int heaviest = records.stream().mapToInt(ServiceRecord::weight).max().orElse(0);
        List<DiscoveredServer> servers = new ArrayList<>();
        for (ServiceRecord record : records) {
            // A target that is the root says that there is no such service (RFC 2782).
            if (record.target().isEmpty() || record.port() == 0) {
                continue;
            }
            servers.add(DiscoveredServer.at(record.target(), record.port())
                    .withTls(secure)
                    .withPriority(record.priority())
                    .withWeight(weight(record.weight(), heaviest)));
        }
        servers.sort(ORDER);
        return servers;
    }

    // Of 65535 shares nobody notices the last percent, while a pool with so many turns would be large. A weight of 0 is
    // a very
    // small chance, not none.
    private static int weight(int weight, int heaviest) {
        return heaviest <= MOST_WEIGHT
                ? Math.max(1, weight)
                : Math.max(1, Math.round((float) weight * MOST_WEIGHT / heaviest));
    }
}
