package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableTest {
    private static final ClientAddress CLIENT = Requests.client("192.0.2.7");

    private static RouteTable table(String... hostsAndPaths) {
        RouteTable.Builder builder = RouteTable.builder();
        for (String each : hostsAndPaths) {
            int space = each.indexOf(' ');
            builder.add(each.substring(0, space), each.substring(space + 1), List.of(), Requests.route(each));
        }
        return builder.build();
    }

    private static @Nullable String matched(RouteTable table, RequestHead head) {
        Route route = table.match(head, CLIENT);
        RouteTrace trace = table.explain(head, CLIENT);
        assertThat(trace.route()).as("explain agrees with match").isSameAs(route);
        return route == null ? null : route.pattern();
    }

    private static @Nullable String matched(RouteTable table, String host, String path) {
        return matched(table, Requests.get(host, path));
    }

    // ---- hosts ----

    @ParameterizedTest
    @CsvSource({
        "a.example.com, a.example.com",
        "A.EXAMPLE.com, a.example.com",
        "a.example.com., a.example.com",
        "a.example.com:8443, a.example.com",
        "b.example.com, *.example.com",
        "x.y.example.com, *.example.com",
        "x.b.example.com, *.b.example.com",
        "x.y.B.example.com., *.b.example.com",
        "example.com, *",
        ".example.com, *",
        "notexample.com, *",
        "xexample.com, *",
        "a.example.com.., *",
        "example.org, *",
        "127.0.0.1, *",
        "[::1], [::1]",
        "[::1]:8080, [::1]",
        "[::2], *"
    })
    void exactHostBeatsLongestWildcardBeatsAny(String asked, String site) {
        RouteTable table = table("* /*", "*.example.com /*", "a.example.com /*", "*.b.example.com /*", "[::1] /*");
        assertThat(matched(table, asked, "/")).isEqualTo(site + " /*");
    }

    @Test
    void anUnknownHostIsToldFromAKnownHostWithoutRoute() {
        RouteTable table = table("a.example.com /only", "*.example.org /*");
        assertThat(table.host(Requests.get("b.example.com", "/only"))).isNull();
        VirtualHost host = table.host(Requests.get("a.example.com", "/other"));
        assertThat(host).isNotNull();
        assertThat(host.pattern()).isEqualTo("a.example.com");
        assertThat(host.match(Requests.get("a.example.com", "/other"), CLIENT)).isNull();
        assertThat(table.host(Requests.get("example.org", "/"))).isNull();
    }

    @Test
    void aHostWithoutMatchingRouteDoesNotFallBackToAWiderHost() {
        RouteTable table = table("* /*", "*.example.com /*", "a.example.com /only");
        assertThat(matched(table, "a.example.com", "/other")).isNull();
    }

    @Test
    void aHostMayBeKnownWithoutAnyRoute() {
        RouteTable table = RouteTable.builder()
                .add("*", "/*", List.of(), Requests.route("any"))
                .addHost("quiet.example.com")
                .build();
        assertThat(matched(table, "quiet.example.com", "/")).isNull();
        assertThat(table.hosts()).extracting(VirtualHost::pattern).containsExactly("*", "quiet.example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a..b | each label",
                "https://a.example.com | named by its host alone",
                "a.example.com/x | named by its host alone",
                "a.example.com:80 | write 'a.example.com'",
                "a.*.com | '*' stands for whole labels",
                "*a.example.com | '*' stands for whole labels",
                "*. | 1 to 253",
                "b\u00fccher.example | write 'xn--bcher-kva.example'",
                "a b | may not stand"
            })
    void saysWhatIsWrongWithAHost(String host, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteTable.builder().addHost(host))
                .withMessageContaining(message);
    }

    // ---- paths ----

    @ParameterizedTest
    @CsvSource({
        "/api, /api",
        "/api/, /api/*",
        "/api/x, /api/*",
        "/api/v1, /api/v1/*",
        "/api/v1/, /api/v1/*",
        "/api/v1/users, /api/v1/users",
        "/api/v1/users/7, /api/v1/*",
        "/api/v10, /api/*",
        "/api?q=/api/v1, /api",
        "/apix, /*",
        "/ap, /*",
        "/, /*",
        "//api, /api",
        "/u/77, ~ ^/u/[0-9]+$",
        "/u/77x, /*",
        "/deep/a.php, ~ [.]php$",
        "/api/a.php, /api/*",
        "/%61pi/v1, /api/v1/*",
        "/x/../api/v1, /api/v1/*",
        "/a%2Fb, /a%2Fb",
        "/a/b, /*"
    })
    void exactBeatsLongestPrefixBeatsExpressionBeatsCatchAll(String path, String pattern) {
        RouteTable table = table(
                "* /*",
                "* /api",
                "* /api/*",
                "* /api/v1/*",
                "* /api/v1/users",
                "* ~ ^/u/[0-9]+$",
                "* ~ [.]php$",
                "* /a%2fb");
        assertThat(matched(table, "h", path)).isEqualTo("* " + pattern.replace("%2F", "%2f"));
    }

    @Test
    void theOrderOfRoutesDoesNotMatter() {
        List<String> routes =
                new ArrayList<>(List.of("* /*", "* /a/*", "* /a/b", "* /a/b/*", "* /ab/*", "* ~ ^/c", "* ~ ^/cd"));
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(routes, new Random(seed));
            RouteTable table = table(routes.toArray(String[]::new));
            assertThat(matched(table, "h", "/a/b")).isEqualTo("* /a/b");
            assertThat(matched(table, "h", "/a/b/")).isEqualTo("* /a/b/*");
            assertThat(matched(table, "h", "/a/bc")).isEqualTo("* /a/*");
            assertThat(matched(table, "h", "/abc")).isEqualTo("* /*");
            assertThat(matched(table, "h", "/cde")).as("the longer expression").isEqualTo("* ~ ^/cd");
        }
    }

    @Test
    void patternsAreWrittenAsPeopleReadThem() {
        RouteTable table = table("* /%61/caf\u00e9/a b/*", "* /x%7Ey", "* /@me/*", "* /v1%3arun");
        assertThat(matched(table, "h", "/%40me/secrets")).isEqualTo("* /@me/*");
        assertThat(matched(table, "h", "/v1:run")).isEqualTo("* /v1%3arun");
        assertThat(matched(table, "h", "/a/caf%C3%A9/a%20b/c")).isEqualTo("* /%61/caf\u00e9/a b/*");
        assertThat(matched(table, "h", "/x~y")).isEqualTo("* /x%7Ey");
    }

    @Test
    void asteriskFormHasNoRoute() {
        assertThat(matched(table("* /*"), Requests.head("OPTIONS", "h", "*"))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "api/* | must begin with '/'",
                "* | must begin with '/'",
                "/api* | '*' stands for the rest",
                "/a/*/b | '*' stands for the rest",
                "/a?x=1 | query condition",
                "/a/../b | write the resolved path",
                "/a/%2e/b | write the resolved path",
                "/100% | write %25",
                "~ | no expression",
                "~ ^/(a | not a regular expression",
                "~ ^/(?!a) | look-around"
            })
    void saysWhatIsWrongWithAPath(String path, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteTable.builder().add("*", path, List.of(), Requests.route("x")))
                .withMessageContaining(message);
    }

    // ---- conditions ----

    @Test
    void moreConditionsGoFirst() {
        RouteTable table = RouteTable.builder()
                .add("*", "/a/*", List.of(), Requests.route("none"))
                .add(
                        "*",
                        "/a/*",
                        List.of(Condition.method("POST"), Condition.header("X", ValueTest.present())),
                        Requests.route("two"))
                .add("*", "/a/*", List.of(Condition.method("POST")), Requests.route("one"))
                .build();
        assertThat(matched(table, Requests.head("POST", "h", "/a/b", "X: 1"))).isEqualTo("two");
        assertThat(matched(table, Requests.head("POST", "h", "/a/b"))).isEqualTo("one");
        assertThat(matched(table, Requests.head("GET", "h", "/a/b", "X: 1"))).isEqualTo("none");
    }

    @Test
    void unmetConditionsFallBackToTheNextLessSpecificPath() {
        Condition post = Condition.method("POST");
        RouteTable table = RouteTable.builder()
                .add("*", "/*", List.of(), Requests.route("all"))
                .add("*", "/a/*", List.of(Condition.method("POST", "PUT")), Requests.route("a"))
                .add("*", "/a/b/c/*", List.of(post), Requests.route("abc prefix"))
                .add("*", "/a/b/c", List.of(post), Requests.route("abc"))
                .add("*", "~ ^/a/b/c$", List.of(Condition.method("DELETE")), Requests.route("expression"))
                .build();
        assertThat(matched(table, Requests.head("POST", "h", "/a/b/c"))).isEqualTo("abc");
        assertThat(matched(table, Requests.head("POST", "h", "/a/b/c/d"))).isEqualTo("abc prefix");
        assertThat(matched(table, Requests.head("PUT", "h", "/a/b/c"))).isEqualTo("a");
        assertThat(matched(table, Requests.head("DELETE", "h", "/a/b/c"))).isEqualTo("expression");
        assertThat(matched(table, Requests.head("GET", "h", "/a/b/c"))).isEqualTo("all");
    }

    @Test
    void fallingBackRespectsSegmentBoundaries() {
        RouteTable table = RouteTable.builder()
                .add("*", "/api/*", List.of(), Requests.route("api"))
                .add("*", "/apis/x", List.of(Condition.method("POST")), Requests.route("apis"))
                .build();
        assertThat(matched(table, Requests.get("h", "/apis/x"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/*", "~ ^/a", "/*"})
    void routesBetweenWhichNothingDecidesAreConflicts(String path) {
        Route first = Requests.route("first");
        Route second = Requests.route("second");
        RouteTable.Builder ambiguous = RouteTable.builder()
                .add("Example.com", path, List.of(Condition.header("A", ValueTest.present())), first)
                .add("example.com.", path, List.of(Condition.header("B", ValueTest.present())), second);
        assertThat(ambiguous.conflicts())
                .containsExactly(new RouteConflict(RouteConflict.Kind.AMBIGUOUS, "example.com", path, first, second));
        assertThatIllegalStateException().isThrownBy(ambiguous::build).withMessageContaining("equally many conditions");

        RouteTable.Builder duplicate = RouteTable.builder()
                .add(
                        "*",
                        path,
                        List.of(Condition.method("GET", "PUT"), Condition.cookie("a", ValueTest.is("1"))),
                        first)
                .add(
                        "*",
                        path,
                        List.of(Condition.cookie("a", ValueTest.is("1")), Condition.method("PUT", "GET")),
                        second);
        assertThat(duplicate.conflicts())
                .containsExactly(new RouteConflict(RouteConflict.Kind.DUPLICATE, "*", path, first, second));
    }

    @Test
    void provablyDisjointRoutesAreNoConflict() {
        RouteTable table = RouteTable.builder()
                .add("*", "/a", List.of(Condition.header("V", ValueTest.is("1"))), Requests.route("one"))
                .add("*", "/a", List.of(Condition.header("v", ValueTest.is("2"))), Requests.route("two"))
                .add("*", "/a", List.of(Condition.header("V", ValueTest.absent())), Requests.route("none"))
                .add("*", "/a", List.of(Condition.header("V", ValueTest.matches("^[3-9]$"))), Requests.route("more"))
                .build();
        assertThat(matched(table, Requests.get("h", "/a", "V: 1"))).isEqualTo("one");
        assertThat(matched(table, Requests.get("h", "/a", "V: 2"))).isEqualTo("two");
        assertThat(matched(table, Requests.get("h", "/a"))).isEqualTo("none");
        assertThat(matched(table, Requests.get("h", "/a", "V: 4"))).isEqualTo("more");
        assertThat(matched(table, Requests.get("h", "/a", "V: 1", "V: 2")))
                .as("the first field")
                .isEqualTo("one");
    }

    @Test
    void samePathsInDifferentSpellingAreTheSamePath() {
        RouteTable.Builder builder = RouteTable.builder()
                .add("*", "/%61pi/*", List.of(), Requests.route("first"))
                .add("*", "/api/*", List.of(), Requests.route("second"));
        assertThat(builder.conflicts()).hasSize(1);
    }

    @Test
    void contradictingConditionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteTable.builder()
                        .add(
                                "*",
                                "/a",
                                List.of(Condition.method("GET"), Condition.method("POST")),
                                Requests.route("never")))
                .withMessageContaining("no request can meet both 'method = GET' and 'method = POST'");
    }

    // ---- explanations ----

    @Test
    void explainTellsWhatWasConsideredAndWhyItWasPassedOver() {
        RouteTable table = RouteTable.builder()
                .add("*.example.com", "/*", List.of(), Requests.route("all"))
                .add("*.example.com", "/api/*", List.of(), Requests.route("api"))
                .add("*.example.com", "/api/v1/*", List.of(Condition.method("POST")), Requests.route("v1"))
                .add("*.example.com", "/api/v1/us/*", List.of(), Requests.route("us"))
                .add("*.example.com", "~ [.]php$", List.of(), Requests.route("php"))
                .build();
        RouteTrace trace = table.explain(Requests.get("a.example.com", "/api/v1/users"), CLIENT);
        assertThat(trace.site()).isEqualTo("*.example.com");
        assertThat(trace.steps())
                .extracting(step -> step.route().pattern() + " | " + step.outcome() + " | " + step.reason())
                .containsExactly(
                        "us | PATH_DIFFERS | the path goes on within a segment",
                        "v1 | CONDITION_NOT_MET | not met: method = POST",
                        "api | CHOSEN | the most specific path that matches",
                        "php | PATH_DIFFERS | the expression is not found in the path",
                        "all | OUTRANKED | less specific than /api/*");
        assertThat(table.explain(Requests.get("example.org", "/"), CLIENT).siteReason())
                .contains("no site has this name");
    }
}
