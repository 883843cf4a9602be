package io.foregate.control.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.foregate.control.build.Builds;
import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.explain.Answer.Answered;
import io.foregate.control.explain.Answer.Change;
import io.foregate.control.explain.Answer.Forwarded;
import io.foregate.control.explain.Answer.Nowhere;
import io.foregate.control.explain.Answer.Refused;
import io.foregate.control.explain.Answer.Routed;
import io.foregate.control.pools.EndpointRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What explain says is what the data plane does. */
final class ExplainerTest {
    private static final String CONFIG = """
            listeners: { main: ":8001", side: ":8002" }
            sites:
              app.example.com:
                routes:
                  /*: web
                  /api/*: { to: fixed, strip-prefix: /api, request-headers: { set: { X-Was: "{host} {path}" }, remove: [Cookie] } }
                  /items/*: { to: own, rewrite: { regex: "^/items/([0-9]+)", to: /item/$1 } }
                  /all: { to: web, rewrite: { regex: "l+$", to: /found-$0 } }
                  /same: { to: web, rewrite: /other }
                  /old: { redirect: { to: "https://{host}{uri}", status: 301 } }
                  /gone: { respond: 410 }
                  /split:
                    split: { pools: { web: 50%, fixed: 25%, own: 25% }, by: { header: X-User }, override: { header: X-Pool } }
                  /turns: { split: { pools: { own: 50%, web: 50% }, by: request, override: { header: X-Pool } } }
              side.example.com: { listeners: [side], routes: { /only: web } }
            pools:
              web: [10.0.0.1:80]
              fixed: { servers: [10.0.0.2:80], host: inner.example:81 }
              own: { servers: [10.0.0.3:80], host: upstream }
            """;

    @Test
    void prefixIsStrippedAndHeadersSeeWhatTheOriginGets() {
        Forwarded forwarded = forwarded(routed("http://app.example.com/api/users?x=1", "Cookie: a=b"));

        assertThat(forwarded.requestLine()).isEqualTo("GET /users?x=1");
        assertThat(forwarded.host()).isEqualTo("inner.example:81");
        assertThat(forwarded.changes())
                .contains(new Change("X-Was", null, "app.example.com /users"), new Change("Cookie", "a=b", null));
    }

    @Test
    void anExpressionThatMatchesAPartReplacesTheWholePath() {
        assertThat(forwarded(routed("http://app.example.com/items/12/parts?q")).requestLine())
                .isEqualTo("GET /item/12?q");
        assertThat(forwarded(routed("http://app.example.com/items/new")).requestLine())
                .isEqualTo("GET /items/new");
        assertThat(forwarded(routed("http://app.example.com/all")).requestLine())
                .isEqualTo("GET /found-ll");
        assertThat(forwarded(routed("http://app.example.com/same")).requestLine())
                .isEqualTo("GET /other");
    }

    @Test
    void aPoolMayNameItsServers() {
        assertThat(forwarded(routed("http://app.example.com/items/1")).host()).isNull();
    }

    @Test
    void thePoolOfASplitIsTheOneThatTheRequestGets() {
        Set<String> pools = new HashSet<>();
        for (int user = 0; user < 50; user++) {
            Routed routed = routed("http://app.example.com/split", "X-User: " + user);
            pools.add(forwarded(routed).pool().text());
            assertThat(routed.pool()).isNotNull();
            assertThat(forwarded(routed).pool())
                    .isEqualTo(forwarded(routed("http://app.example.com/split", "X-User: " + user))
                            .pool());
        }
        assertThat(pools).containsExactlyInAnyOrder("web", "fixed", "own");

        Forwarded chosen = forwarded(routed("http://app.example.com/split", "X-Pool: fixed"));
        assertThat(chosen.pool()).hasToString("fixed");
        assertThat(chosen.host()).isEqualTo("inner.example:81");
        assertThat(forwarded(routed("http://app.example.com/turns")).pool()).hasToString("own");
        assertThat(forwarded(routed("http://app.example.com/turns", "X-Pool: web"))
                        .pool())
                .hasToString("web");
    }

    @Test
    void redirectsAndFixedAnswersAreSaid() {
        assertThat(routed("http://app.example.com/old?a=b").outcome())
                .isEqualTo(new Answered(301, "https://app.example.com/old?a=b"));
        assertThat(routed("http://app.example.com/gone").outcome()).isEqualTo(new Answered(410, null));
    }

    @Test
    void theRouteAndItsPlaceAreNamed() {
        Routed routed = routed("http://app.example.com/api/users");

        assertThat(routed.route().match().path()).hasToString("/api/*");
        assertThat(routed.route().match().origin().toString()).startsWith("test.yaml:6:");
        assertThat(routed.site().host()).hasToString("app.example.com");
        assertThat(routed.pool()).isNotNull();
        assertThat(routed.trace().steps()).hasSize(2);
    }

    @Test
    void thePortChoosesTheListener() {
        assertThat(explain("http://side.example.com:8002/only")).isInstanceOf(Routed.class);
        assertThat(explain("http://side.example.com:8001/only")).isInstanceOf(Nowhere.class);
        assertThat(explain("http://side.example.com/only")).isInstanceOf(Nowhere.class);
    }

    @Test
    void noSiteAndNoRouteAreToldApart() {
        Nowhere unknown = (Nowhere) explain("http://nobody.example/");
        Nowhere empty = (Nowhere) explain("http://side.example.com:8002/other");

        assertThat(unknown.site()).isNull();
        assertThat(empty.site()).isNotNull();
    }

    @Test
    void aMalformedRequestIsRefusedAsByAListener() {
        assertThat(explain("http://app.example.com/", "Bad Name: x")).isEqualTo(new Refused(400, "malformed"));
        assertThat(explain("http://app.example.com/" + "x".repeat(9000)))
                .isEqualTo(new Refused(414, "target-too-long"));
    }

    @Test
    void aPathAloneGoesToTheHostOfItsField() {
        assertThat(explain("/api/users", "Host: app.example.com")).isInstanceOf(Routed.class);
    }

    @Test
    void aUrlInTheQueryIsNoAuthority() {
        assertThat(explain("/api/users?next=https://evil.example/x", "Host: app.example.com"))
                .isInstanceOf(Routed.class);
        assertThat(explain("http://nobody.example/api/users", "Host: app.example.com"))
                .isInstanceOf(Routed.class);
    }

    @Test
    void theSchemeChoosesTheListenerWhereNoPortDoes() throws Exception {
        EffectiveConfig config = Builds.config("""
                listeners: { plain: ":8001", secure: { address: ":8443", tls: on } }
                sites: { app.example.com: { tls: internal, routes: { /*: { respond: { body: hello } } } } }
                """);
        Explainer explainer = new Explainer(config, SnapshotBuilder.build(1, config, new EndpointRegistry(1)));
        for (String url : new String[] {"https://app.example.com/x", "https://app.example.com:8443/x"}) {
            Routed secure = (Routed) explainer.explain(new Question("GET", url, List.of(), "127.0.0.1"));
            assertThat(secure.outcome()).isEqualTo(new Answer.Answered(200, null));
        }
        Routed plain =
                (Routed) explainer.explain(new Question("GET", "http://app.example.com/x", List.of(), "127.0.0.1"));
        assertThat(plain.outcome())
                .isInstanceOf(Answer.Answered.class)
                .asString()
                .contains("https://app.example.com");
    }

    @Test
    void aTargetWithoutABoundIsRead() throws Exception {
        EffectiveConfig config = Builds.config("""
                defaults: { limits: { target: none } }
                sites: { "*": { routes: { /*: { respond: { body: hello } } } } }
                """);
        Explainer explainer = new Explainer(config, SnapshotBuilder.build(1, config, new EndpointRegistry(1)));
        assertThat(explainer.explain(new Question("GET", "/x", List.of(), "127.0.0.1")))
                .isInstanceOf(Routed.class);
    }

    @Test
    void aClientThatIsNoAddressIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> explainer().explain(new Question("GET", "/", List.of(), "nobody")))
                .withMessageContaining("'nobody'");
    }

    private static Forwarded forwarded(Routed routed) {
        return (Forwarded) routed.outcome();
    }

    private static Routed routed(String url, String... fields) {
        return (Routed) explain(url, fields);
    }

    private static Answer explain(String url, String... fields) {
        return explainer().explain(new Question("GET", url, List.of(fields), "127.0.0.1"));
    }

    private static Explainer explainer() {
        EffectiveConfig config = Builds.config(CONFIG);
        try {
            return new Explainer(config, SnapshotBuilder.build(1, config, new EndpointRegistry(1)));
        } catch (UnbuildableException e) {
            throw new AssertionError(e);
        }
    }
}
