package io.foregate.control.discovery;

import io.foregate.control.config.model.Dns;
import io.foregate.control.config.model.DnsServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How names are looked up.
 *
 * @param servers to be asked instead of those that the system names; empty for those
 * @param timeout after which a server counts as silent, and the next one is asked
 * @param hosts the file of names that need no server
 * @param resolvConf the file with the system's servers and search domains
 */
public record DnsSettings(List<InetSocketAddress> servers, Duration timeout, Path hosts, Path resolvConf) {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** The system's. */
    public static final DnsSettings SYSTEM = new DnsSettings(List.of(), TIMEOUT);

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    /** What a configuration says. */
    public static DnsSettings of(Dns config) {
        return new DnsSettings(
                config.servers().stream().map(DnsServer::address).toList(),
                config.timeout() == null
                        ? TIMEOUT
                        : Duration.ofNanos(config.timeout().nanos()));
    }

    /** Those servers, or the system's if there are none, and the system's files. */
    public DnsSettings(List<InetSocketAddress> servers, Duration timeout) {
        this(servers, timeout, Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"));
    }
}
