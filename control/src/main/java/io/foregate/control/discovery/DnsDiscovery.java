package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.ServerAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Each address of a name is a server of its own: {@code dns: api.svc.local:8080}. Options are {@code name} (as {@code dns} in the
 * configuration), {@code family} (auto, ipv4, ipv6, both) and {@code refresh}.
 */
final class DnsDiscovery implements LookedUpDiscovery.Question {
    private static final Comparator<InetAddress> ORDER = Comparator.comparing(
                    (InetAddress address) -> address instanceof Inet6Address)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final NameLookup lookup;
    private final ServerAddress address;
    private final String family;

    private DnsDiscovery(NameLookup lookup, ServerAddress address, String family) {
        this.lookup = lookup;
        this.address = address;
        this.family = family;
    }

    static DiscoveryFactory by(NameLookup lookup, Pace pace) {
        return new LookedUpDiscovery(
                "dns",
                pace,
                options -> new DnsDiscovery(
                        lookup, address(options.getOrDefault("name", "")), options.getOrDefault("family", "auto")));
    }

    private static ServerAddress address(String text) {
        try {
            return ServerAddress.parse(text);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return address.at().host();
    }

    @Override
    public LookedUpDiscovery.Found ask() throws UnknownHostException, InterruptedException {
        NameLookup.Answer answer = addresses();
        List<DiscoveredServer> servers = answer.addresses().stream()
                // One order for all answers: DNS servers deal out the same addresses in turn.
                .sorted(ORDER)
                .map(one -> DiscoveredServer.at(
                                one.getHostAddress(), address.at().port())
                        .as(address.at().toString())
                        .withTls(address.secure()))
                .toList();
        return new LookedUpDiscovery.Found(servers, answer.life());
    }

    private NameLookup.Answer addresses() throws UnknownHostException, InterruptedException {
        return switch (family) {
            case "ipv4" -> lookup.addresses(name(), NameLookup.Family.IPV4);
            case "ipv6" -> lookup.addresses(name(), NameLookup.Family.IPV6);
            case "both" -> lookup.addresses(name(), NameLookup.Family.ANY);
            default -> oneFamily(lookup.addresses(name(), NameLookup.Family.ANY));
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
