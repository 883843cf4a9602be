package io.foregate.control.discovery;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What resolv.conf(5) says: whom to ask, and how names are completed that aren't whole. Immutable.
 *
 * @param search domains that are put behind names, in this order
 * @param dots how many dots a name has to have to be tried as it stands before it is completed
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int dots) {
    private static final int PORT = 53;
    private static final int MAX_DOTS = 15;
    private static final ResolvConf NONE =
            new ResolvConf(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)), List.of(), 1);

    /** Reads the file. Without one, or without a server in it, the server is this machine, as for the C library. */
    static ResolvConf read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            return NONE;
        }
    }

    static ResolvConf parse(List<String> lines) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int dots = 1;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            List<String> values = Arrays.asList(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> values.stream().limit(1).forEach(text -> addServer(servers, text));
                // The last of both wins.
                case "search" -> search = domains(values);
                case "domain" -> search = domains(values.stream().limit(1).toList());
                case "options" -> dots = dots(values, dots);
                default -> {
                    // Comments, and what concerns other resolvers.
                }
            }
        }
        return new ResolvConf(servers.isEmpty() ? NONE.servers : List.copyOf(servers), search, dots);
    }

    private static void addServer(List<InetSocketAddress> servers, String text) {
        int zone = text.indexOf('%');
        String address = zone < 0 ? text : text.substring(0, zone);
        if (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address)) {
            servers.add(new InetSocketAddress(InetAddress.ofLiteral(text), PORT));
        }
    }

    private static List<String> domains(List<String> values) {
        return values.stream()
                .map(domain -> domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain)
                .filter(domain -> !domain.isEmpty())
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static int dots(List<String> options, int otherwise) {
        int dots = otherwise;
        for (String option : options) {
            if (option.matches("ndots:[0-9]{1,4}")) {
                dots = Math.min(Integer.parseInt(option, 6, option.length(), 10), MAX_DOTS);
            }
        }
        return dots;
    }

    /** The whole names that {@code host} may stand for, to be tried in this order. */
    List<String> candidates(String host) {
        if (host.endsWith(".")) {
            return List.of(host.substring(0, host.length() - 1));
        }
        List<String> completed =
                search.stream().map(domain -> host + "." + domain).toList();
        List<String> all = new ArrayList<>(completed);
        boolean first = host.chars().filter(c -> c == '.').count() >= dots;
        all.add(first ? 0 : completed.size(), host);
        return all;
    }
}
