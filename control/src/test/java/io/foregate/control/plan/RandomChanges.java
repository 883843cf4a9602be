package io.foregate.control.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.RequestText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Configurations, changes of them, and requests, as chance has it; few enough of each that they meet. */
final class RandomChanges {
    private static final List<String> HOSTS = List.of("a.test", "b.a.test", "'*.a.test'", "'*.test'", "'*'", "c.org");
    private static final List<String> PATHS =
            List.of("/x", "/x/*", "/x/y", "/x/y/*", "/z/*", "/*", "'~ ^/x/[0-9]+$'", "'~ y$'", "/z/y/w/*", "/x/1");
    private static final List<String> CONDITIONS = List.of(
            "method: GET",
            "method: POST",
            "method: [GET, POST]",
            "header: { H: '1' }",
            "header: { H: '2' }",
            "header: { H: { present: true } }",
            "header: { H: { present: false } }",
            "header: { H: { regex: '[12]' } }",
            "query: { q: '1' }",
            "cookie: { c: '1' }",
            "from: 10.0.0.0/8",
            "method: GET, header: { H: '1' }",
            "method: GET, query: { q: '1' }");
    private static final List<String> ACTIONS =
            List.of("to: web", "to: api", "redirect: /elsewhere", "respond: 204", "to: web, timeouts: { total: 5s }");
    private static final List<String> ASKED_HOSTS =
            List.of("a.test", "b.a.test", "d.a.test", "e.b.a.test", "z.test", "c.org", "other.org");
    private static final List<String> ASKED_PATHS = List.of(
            "/",
            "/x",
            "/x/",
            "/x/1",
            "/x/2",
            "/x/y",
            "/x/y/z",
            "/x/y/y",
            "/z",
            "/z/1",
            "/z/y",
            "/z/y/w/y",
            "/q/y",
            "/xx");

    record Asked(String host, String path, RequestHead head, ClientAddress client) {}

    private RandomChanges() {}

    static Asked asked(Random random) {
        String host = one(ASKED_HOSTS, random);
        String path = one(ASKED_PATHS, random);
        StringBuilder text = new StringBuilder(one(List.of("GET", "POST", "PUT"), random))
                .append(' ')
                .append(path)
                .append(one(List.of("", "?q=1", "?q=2"), random))
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\n")
                .append(one(List.of("", "H: 1\r\n", "H: 2\r\n", "H: 3\r\n"), random))
                .append(one(List.of("", "Cookie: c=1\r\n"), random))
                .append("\r\n");
        return asked(text.toString(), host, path, one(List.of("10.1.2.3", "192.0.2.1"), random));
    }

    /** The request of a text, of a client at 192.0.2.1. */
    static Asked asked(String text, String host, String path) {
        return asked(text, host, path, "192.0.2.1");
    }

    private static Asked asked(String text, String host, String path, String from) {
        RequestHead head = new RequestHead();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(RequestText.read(bytes, new HeadLimits(1000, 1000, 20), head))
                .isNull();
        ClientAddress client = new ClientAddress();
        byte[] address = Octets.ascii(from);
        client.parse(address, 0, address.length);
        return new Asked(host, path, head, client);
    }

    static String random(Random random) {
        StringBuilder yaml = new StringBuilder("pools: { web: ['w:1'], api: ['a:1'] }\nsites:\n");
        List<String> hosts = some(HOSTS, 1 + random.nextInt(3), random);
        for (String host : hosts) {
            yaml.append("  ").append(host).append(":\n    routes:\n");
            for (String path : some(PATHS, 1 + random.nextInt(4), random)) {
                yaml.append("      ").append(path).append(":\n");
                for (String condition : some(CONDITIONS, random.nextInt(3), random)) {
                    yaml.append(route("when: { " + condition + " }, ", random));
                }
                yaml.append(random.nextInt(3) == 0 ? route("when: { method: PUT }, ", random) : route("", random));
            }
        }
        return yaml.toString();
    }

    private static String route(String when, Random random) {
        return "        - { " + when + one(ACTIONS, random) + " }\n";
    }

    // One line less, or another action.
    static String edited(String yaml, Random random) {
        List<String> lines = new ArrayList<>(yaml.lines().toList());
        int at = 2 + random.nextInt(lines.size() - 2);
        if (lines.get(at).contains("- {")) {
            if (random.nextBoolean()) {
                lines.set(at, lines.get(at).replaceFirst("to: (web|api)", "respond: 404"));
            } else {
                lines.remove(at);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static <T> List<T> some(List<T> of, int count, Random random) {
        List<T> left = new ArrayList<>(of);
        List<T> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }
}
