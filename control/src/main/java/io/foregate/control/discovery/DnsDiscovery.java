package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.api.spi.DiscoveryRequest;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.ServerAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each address of a name is a server of its own: {@code dns: api.svc.local:8080}. Options are {@code name} (as {@code dns} in the
 * configuration), {@code family} (auto, ipv4, ipv6, both) and {@code refresh} (an ISO duration, or nothing for the records' TTL).
 */
final class DnsDiscovery implements DiscoveryFactory {
    static final String NAME = "dns";
    private static final Comparator<InetAddress> ORDER = Comparator.comparing(
                    (InetAddress address) -> address instanceof Inet6Address)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final NameLookup lookup;
    private final Pace pace;

    DnsDiscovery(NameLookup lookup, Pace pace) {
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
        ServerAddress name = address(options.getOrDefault("name", ""));
        Pace chosen = pace(pace, options);
        String family = options.getOrDefault("family", "auto");
        Rounds rounds = Rounds.start("foregate-dns " + name, () -> round(name, family, chosen, listener));
        return rounds::close;
    }

    /** The pace that the option {@code refresh} asks for. */
    static Pace pace(Pace pace, Map<String, String> options) {
        String refresh = options.get("refresh");
        return refresh == null ? pace : pace.every(Duration.parse(refresh));
    }

    private static ServerAddress address(String text) {
        try {
            return ServerAddress.parse(text);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Duration round(ServerAddress name, String family, Pace chosen, DiscoveryListener listener)
            throws InterruptedException {
        HostPort at = name.at();
        try {
            NameLookup.Answer answer = ask(at.host(), family);
            List<DiscoveredServer> servers = answer.addresses().stream()
                    // One order for all answers: DNS servers deal out the same addresses in turn.
                    .sorted(ORDER)
                    .map(address -> DiscoveredServer.at(address.getHostAddress(), at.port())
                            .as(at.toString())
                            .withTls(name.secure()))
                    .toList();
            listener.found(servers);
            return chosen.after(answer.life());
        } catch (UnknownHostException e) {
            listener.failed(at.host() + " does not resolve: " + e.getMessage());
            return chosen.retry();
        }
    }

    private NameLookup.Answer ask(String host, String family) throws UnknownHostException, InterruptedException {
        return switch (family) {
            case "ipv4" -> lookup.addresses(host, NameLookup.Family.IPV4);
            case "ipv6" -> lookup.addresses(host, NameLookup.Family.IPV6);
            case "both" -> lookup.addresses(host, NameLookup.Family.ANY);
            default -> oneFamily(lookup.addresses(host, NameLookup.Family.ANY));
        };
    }

    // A server that has both would be two, with twice the requests of the others.
    private static NameLookup.Answer oneFamily(NameLookup.Answer all) {
        List<InetAddress> ipv4 = all.addresses().stream()
                .filter(address -> !(address instanceof Inet6Address))
                .toList();
        return ipv4.isEmpty() ? all : new NameLookup.Answer(ipv4, all.life());
    }
}
