package io.foregate.control.discovery;

import io.netty.resolver.HostsFileEntriesProvider;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The names that this machine knows: its hosts file, then DNS, with names completed as resolv.conf(5) says. Both files are read
 * anew when they change.
 *
 * <p>Addresses come in the order in which they are to be tried (RFC 8305 §4): the families take turns, IPv6 first where this machine
 * has an address that reaches further than itself.
 *
 * <p>Thread-safe; its methods block the caller.
 */
final class DnsNames implements NameLookup, AutoCloseable {
    /** What the hosts file says holds until it changes; somebody looks then. */
    private static final Duration LIFE_OF_FILE = Duration.ofSeconds(5);

    private volatile DnsSettings settings;
    private volatile DnsClient client;
    private final boolean ipv6First = reachesByIpv6();
    private @Nullable HostsFileEntriesProvider hosts;
    private @Nullable ResolvConf resolvConf;
    private String hostsStamp = "";
    private String resolvConfStamp = "";

    DnsNames(DnsSettings settings) {
        this.settings = settings;
        this.client = new DnsClient(settings.timeout());
    }

    @Override
    public Answer addresses(String host, Family family) throws UnknownHostException, InterruptedException {
        List<InetAddress> listed = listed(host, family);
        if (!listed.isEmpty()) {
            return new Answer(listed, LIFE_OF_FILE);
        }
        ResolvConf conf = conf();
        boolean exists = false;
        try {
            for (String candidate : conf.candidates(host)) {
                DnsAnswer<InetAddress> found = ask(conf, candidate, family);
                if (!found.records().isEmpty()) {
                    return new Answer(interleaved(found.records(), ipv6First), Duration.ofSeconds(found.ttlSeconds()));
                }
                exists |= found.exists();
            }
        } catch (DnsFailure e) {
            throw unknown(e.getMessage());
        }
        throw unknown(exists ? "the name has no address" : "no such name");
    }

    private DnsAnswer<InetAddress> ask(ResolvConf conf, String name, Family family)
            throws DnsFailure, InterruptedException {
        List<InetSocketAddress> servers = servers(conf);
        if (family != Family.ANY) {
            return client.addresses(servers, name, family == Family.IPV6);
        }
        DnsAnswer<InetAddress> ipv4;
        try {
            ipv4 = client.addresses(servers, name, false);
        } catch (DnsFailure e) {
            // A server that answers for one family only is broken, and still better than none.
            DnsAnswer<InetAddress> ipv6 = client.addresses(servers, name, true);
            if (ipv6.records().isEmpty()) {
                throw e;
            }
            return ipv6;
        }
        try {
            return ipv4.and(client.addresses(servers, name, true));
        } catch (DnsFailure e) {
            if (ipv4.records().isEmpty()) {
                throw e;
            }
            return ipv4;
        }
    }

    /** The servers of a service. */
    DnsAnswer<ServiceRecord> services(String name) throws UnknownHostException, InterruptedException {
        ResolvConf conf = conf();
        boolean exists = false;
        try {
            for (String candidate : conf.candidates(name)) {
                DnsAnswer<ServiceRecord> found = client.services(servers(conf), candidate);
                if (!found.records().isEmpty()) {
                    return found;
                }
                exists |= found.exists();
            }
        } catch (DnsFailure e) {
            throw unknown(e.getMessage());
        }
        throw unknown(exists ? "the name has no SRV record" : "no such name");
    }

    /** From now on names are looked up in that way; look-ups that are under way may fail. */
    synchronized void configure(DnsSettings next) {
        DnsSettings before = settings;
        settings = next;
        hosts = null;
        resolvConf = null;
        if (!next.timeout().equals(before.timeout())) {
            DnsClient old = client;
            client = new DnsClient(next.timeout());
            old.close();
        }
    }

    private List<InetSocketAddress> servers(ResolvConf conf) {
        return settings.servers().isEmpty() ? conf.servers() : settings.servers();
    }

    private static UnknownHostException unknown(@Nullable String why) {
        return new UnknownHostException(why);
    }

    private synchronized List<InetAddress> listed(String host, Family family) {
        String stamp = stamp(settings.hosts());
        HostsFileEntriesProvider entries = hosts;
        if (entries == null || !stamp.equals(hostsStamp)) {
            hostsStamp = stamp;
            entries = HostsFileEntriesProvider.parser()
                    .parseSilently(settings.hosts().toFile(), StandardCharsets.UTF_8);
            hosts = entries;
        }
        String name = host.toLowerCase(Locale.ROOT);
        String key = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        List<InetAddress> found = new ArrayList<>();
        if (family != Family.IPV6) {
            found.addAll(entries.ipv4Entries().getOrDefault(key, List.of()));
        }
        if (family != Family.IPV4) {
            found.addAll(entries.ipv6Entries().getOrDefault(key, List.of()));
        }
        return interleaved(found, ipv6First);
    }

    private synchronized ResolvConf conf() {
        String stamp = stamp(settings.resolvConf());
        ResolvConf known = resolvConf;
        if (known == null || !stamp.equals(resolvConfStamp)) {
            resolvConfStamp = stamp;
            known = ResolvConf.read(settings.resolvConf());
            resolvConf = known;
        }
        return known;
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException e) {
            return "missing";
        }
    }

    /** The same addresses, the families taking turns, each in its order. */
    static List<InetAddress> interleaved(List<InetAddress> addresses, boolean ipv6First) {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> second = new ArrayList<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address == ipv6First ? first : second).add(address);
        }
        List<InetAddress> all = new ArrayList<>(addresses.size());
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return all;
    }

    private static boolean reachesByIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address instanceof Inet6Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress());
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
