package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.api.spi.DiscoveryRequest;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each SRV record of a service is a server (RFC 2782), with its port, priority and weight; its name is resolved like that of any
 * server. Options are {@code name} (as {@code srv} in the configuration), {@code secure} (true or false) and {@code refresh}.
 */
final class SrvDiscovery implements DiscoveryFactory {
    static final String NAME = "srv";
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
    private final Pace pace;

    SrvDiscovery(Lookup lookup, Pace pace) {
        this.lookup = lookup;
        this.pace = pace;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable String complaint(Map<String, String> options) {
        return null;
    }

    @Override
    public Discovery open(DiscoveryRequest request, DiscoveryListener listener) {
        Map<String, String> options = request.options();
        String name = options.getOrDefault("name", "");
        boolean secure = Boolean.parseBoolean(options.get("secure"));
        Pace chosen = DnsDiscovery.pace(pace, options);
        Rounds rounds = Rounds.start("foregate-srv " + name, () -> {
            try {
                DnsAnswer<ServiceRecord> answer = lookup.services(name);
                listener.found(servers(answer.records(), secure));
                return chosen.after(Duration.ofSeconds(answer.ttlSeconds()));
            } catch (UnknownHostException e) {
                listener.failed(name + " does not resolve: " + e.getMessage());
                return chosen.retry();
            }
        });
        return rounds::close;
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
