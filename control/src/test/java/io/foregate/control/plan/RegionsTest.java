package io.foregate.control.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.control.build.Builds;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.PathPattern;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.RequestText;
import io.foregate.proxy.route.Regex;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The computed regions are exactly the requests of which the compiled route tables make different things. */
final class RegionsTest {
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

    private record Asked(String host, String path, RequestHead head, ClientAddress client) {}

    @Test
    void areExactlyWhatTheTablesDecideOtherwise() throws UnbuildableException {
        Random random = new Random(7);
        int compared = 0;
        int different = 0;
        while (compared < 300) {
            String yaml = random(random);
            String changed = random.nextInt(3) == 0 ? random(random) : edited(yaml, random);
            if (!(ConfigLoader.load("a", yaml) instanceof Loaded.Ok)
                    || !(ConfigLoader.load("b", changed) instanceof Loaded.Ok)) {
                continue;
            }
            compared++;
            different += compare(yaml, changed, random);
        }
        assertThat(different).as("requests that tell them apart").isGreaterThan(1000);
    }

    @Test
    void nothingChangedIsNoRegion() {
        String yaml = "sites: { a.test: { routes: { /x/*: web, /*: api } } }\npools: { web: ['w:1'], api: ['a:1'] }\n";
        assertThat(Regions.between(Builds.config(yaml), Builds.config(yaml))).isEmpty();
    }

    @Test
    void neighboursThatChangeAlikeAreOneRegion() {
        String before = "sites: { a.test: { routes: { /x/*: web, /x/y: web, /*: web } } }\npools: { web: ['w:1'] }\n";
        String after = "sites: { a.test: { routes: { /*: api } } }\npools: { api: ['w:1'] }\n";
        List<Region> regions = Regions.between(Builds.config(before), Builds.config(after));
        assertThat(regions).hasSize(1);
        assertThat(regions.getFirst().path()).hasToString("/*");
        assertThat(regions.getFirst().otherPaths()).isEmpty();
        assertThat(regions.getFirst().before().action()).isEqualTo("to pool web");
        assertThat(regions.getFirst().after().action()).isEqualTo("to pool api");
    }

    @Test
    void whatIsBelowAndStaysIsTakenOut() {
        String before = "sites: { a.test: { routes: { /api/*: web, /api/v2/*: api } } }\n";
        String after = "sites: { a.test: { routes: { /api/*: api, /api/v2/*: api } } }\n";
        String pools = "pools: { web: ['w:1'], api: ['a:1'] }\n";
        List<Region> regions = Regions.between(Builds.config(before + pools), Builds.config(after + pools));
        assertThat(regions).hasSize(1);
        assertThat(regions.getFirst().path()).hasToString("/api/*");
        assertThat(regions.getFirst().otherPaths()).map(Object::toString).containsExactly("/api/v2/*");
    }

    private static int compare(String yaml, String changed, Random random) throws UnbuildableException {
        EffectiveConfig before = Builds.config(yaml);
        EffectiveConfig after = Builds.config(changed);
        Built old = Builds.build(yaml);
        Built now = Builds.build(changed);
        List<Region> regions = Regions.between(before, after);
        int different = 0;
        for (int i = 0; i < 60; i++) {
            Asked asked = asked(random);
            Outcome was = outcome(old, asked);
            Outcome is = outcome(now, asked);
            List<Region> found =
                    regions.stream().filter(region -> contains(region, asked)).toList();
            Supplier<String> about =
                    () -> "%s %s\n%s\n%s\n%s".formatted(asked.head.methodString(), asked, yaml, changed, regions);
            if (was.equals(is)) {
                assertThat(found).as(about).isEmpty();
            } else {
                assertThat(found).as(about).hasSize(1);
                assertThat(found.getFirst().before()).as(about).isEqualTo(was);
                assertThat(found.getFirst().after()).as(about).isEqualTo(is);
                different++;
            }
        }
        return different;
    }

    private static Outcome outcome(Built built, Asked asked) {
        var routes = built.listeners().getFirst().plan().routes();
        VirtualHost host = routes.host(asked.head);
        if (host == null) {
            return Outcome.NO_SITE;
        }
        Route route = routes.match(asked.head, asked.client);
        return route == null
                ? Outcome.NO_ROUTE
                : Outcome.of(Objects.requireNonNull(built.sources().get(route)));
    }

    // ---- membership, told from the region as it is printed ----

    private static boolean contains(Region region, Asked asked) {
        return matches(region.host(), asked.host)
                && region.otherHosts().stream().noneMatch(other -> matches(other, asked.host))
                && matches(region.path(), asked.path)
                && region.otherPaths().stream().noneMatch(other -> matches(other, asked.path))
                && region.when().stream().allMatch(term -> meets(term, asked))
                && region.unless().stream().noneMatch(all -> all.stream().allMatch(term -> meets(term, asked)));
    }

    private static boolean matches(HostPattern pattern, String host) {
        return switch (pattern.kind()) {
            case EXACT -> host.equals(pattern.name());
            case WILDCARD -> host.endsWith("." + pattern.name());
            case ANY -> true;
        };
    }

    private static boolean matches(PathPattern pattern, String path) {
        return switch (pattern.kind()) {
            case EXACT -> path.equals(pattern.text());
            case PREFIX -> path.equals(pattern.text()) || path.startsWith(pattern.text() + "/");
            case REGEX -> throw new AssertionError("a region's place is no expression");
        };
    }

    private static boolean meets(Term term, Asked asked) {
        return switch (term) {
            case Term.Asks(var condition) -> condition.test(asked.head, asked.client);
            case Term.PathMatches(String regex) ->
                Regex.of(regex).matcher(asked.path).find();
        };
    }

    // ---- what is tried ----

    private static Asked asked(Random random) {
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
        RequestHead head = new RequestHead();
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(RequestText.read(bytes, new HeadLimits(1000, 1000, 20), head))
                .isNull();
        ClientAddress client = new ClientAddress();
        byte[] address = Octets.ascii(one(List.of("10.1.2.3", "192.0.2.1"), random));
        client.parse(address, 0, address.length);
        return new Asked(host, path, head, client);
    }

    private static String random(Random random) {
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
    private static String edited(String yaml, Random random) {
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
