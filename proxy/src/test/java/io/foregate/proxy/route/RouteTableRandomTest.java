package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table against an evaluator that looks at every route and knows the rules only. */
final class RouteTableRandomTest {
    private static final List<String> HOSTS =
            List.of("*", "a.b", "*.b", "x.a.b", "*.a.b", "b", "*.c", "A.c", "y.x.a.b");
    private static final List<String> ASKED =
            List.of("a.b", "b", "x.a.b", "y.x.a.b", "z.y.x.a.b", "q.c", "a.C.", "d", "B:80", "xa.b");
    private static final List<String> SEGMENTS = List.of("a", "b", "ab", "abc", "a.b", "", "aa");

    /** A rule as the reference sees it: texts only. */
    private record Rule(String host, String path, List<Condition> conditions, Route route) {
        boolean covers(String asked) {
            String name = host.toLowerCase(Locale.ROOT);
            if (name.equals("*")) {
                return true;
            }
            return name.startsWith("*.")
                    ? asked.endsWith(name.substring(1)) && asked.length() > name.length() - 1
                    : asked.equals(name);
        }

        int hostRank() {
            return host.equals("*") ? 0 : host.startsWith("*.") ? host.length() : 1000;
        }

        boolean matches(String asked) {
            if (path.startsWith("~ ")) {
                return Pattern.compile(path.substring(2)).matcher(asked).find();
            }
            if (path.endsWith("/*")) {
                String prefix = path.substring(0, path.length() - 2);
                return asked.equals(prefix) || asked.startsWith(prefix + "/");
            }
            return asked.equals(path);
        }

        int pathRank() {
            if (path.equals("/*")) {
                return 0;
            }
            return path.startsWith("~ ") ? 1 : path.endsWith("/*") ? 1 + path.length() : 10_000;
        }
    }

    private static final Comparator<Rule> MOST_SPECIFIC_FIRST = Comparator.comparingInt((Rule r) -> -r.pathRank())
            .thenComparingInt(r -> -r.conditions.size())
            .thenComparingInt(r -> -r.path.length())
            .thenComparing(r -> r.path);

    private static @Nullable Route reference(List<Rule> rules, String host, String path, RequestHead head) {
        ClientAddress client = Requests.client("192.0.2.7");
        int best = rules.stream()
                .filter(r -> r.covers(host))
                .mapToInt(Rule::hostRank)
                .max()
                .orElse(-1);
        return rules.stream()
                .filter(r -> r.covers(host) && r.hostRank() == best && r.matches(path))
                .sorted(MOST_SPECIFIC_FIRST)
                .filter(r -> r.conditions.stream().allMatch(c -> c.test(head, client)))
                .map(Rule::route)
                .findFirst()
                .orElse(null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithLookingAtEveryRoute(long seed) {
        Random random = new Random(seed);
        int matches = 0;
        for (int round = 0; round < 60; round++) {
            List<Rule> rules = rules(random, 1 + random.nextInt(60));
            RouteTable.Builder builder = RouteTable.builder();
            for (Rule rule : rules) {
                builder.add(rule.host, rule.path, rule.conditions, rule.route);
            }
            RouteTable table = builder.build();
            for (int i = 0; i < 200; i++) {
                String asked = pick(random, ASKED);
                String path = path(random, 6);
                RequestHead head = random.nextBoolean()
                        ? Requests.head(pick(random, List.of("GET", "POST")), asked, path)
                        : Requests.head("GET", asked, path, "V: " + random.nextInt(3));
                ClientAddress client = Requests.client("192.0.2.7");
                String host = asked.toLowerCase(Locale.ROOT).replace(":80", "").replaceAll("\\.$", "");
                Route expected = reference(rules, host, head.matchPathString(), head);
                assertThat(table.match(head, client))
                        .as("%s %s among %s", asked, path, rules)
                        .isSameAs(expected);
                assertThat(table.explain(head, client).route()).isSameAs(expected);
                matches += expected == null ? 0 : 1;
            }
        }
        assertThat(matches).as("the comparison is not about nothing").isGreaterThan(2000);
    }

    private static List<Rule> rules(Random random, int count) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String host = pick(random, HOSTS);
            String path = switch (random.nextInt(6)) {
                case 0, 1 -> path(random, 4);
                case 2, 3 -> path(random, 3).replaceAll("/+$", "") + "/*";
                case 4 -> "/*";
                default -> "~ " + pick(random, List.of("^/a", "b$", "^/a.*c$", "/ab/", "^/ab?$", "^/a|^/b"));
            };
            Rule rule = new Rule(host, path, conditions(random), Requests.route(host + " " + path + " #" + i));
            RouteTable.Builder probe = RouteTable.builder();
            rules.forEach(r -> probe.add(r.host, r.path, r.conditions, r.route));
            probe.add(rule.host, rule.path, rule.conditions, rule.route);
            if (probe.conflicts().isEmpty()) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static List<Condition> conditions(Random random) {
        Condition method = Condition.method(random.nextBoolean() ? "GET" : "POST");
        Condition header = switch (random.nextInt(4)) {
            case 0 -> Condition.header("V", ValueTest.is("1"));
            case 1 -> Condition.header("V", ValueTest.is("2"));
            case 2 -> Condition.header("V", ValueTest.absent());
            default -> Condition.header("V", ValueTest.present());
        };
        return switch (random.nextInt(4)) {
            case 0 -> List.of(method);
            case 1 -> List.of(header);
            case 2 -> List.of(method, header);
            default -> List.of();
        };
    }

    private static String path(Random random, int maxSegments) {
        StringBuilder path = new StringBuilder();
        int segments = 1 + random.nextInt(maxSegments);
        for (int i = 0; i < segments; i++) {
            path.append('/').append(pick(random, SEGMENTS));
        }
        return path.toString();
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
