package io.foregate.control.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.explain.ExplainedExchanges;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.RequestText;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a configuration becomes. */
final class SnapshotBuilderTest {
    private static final String POOL = "pools: { web: [10.0.0.1:80] }\n";

    @Test
    void endpointsOfTheBuildBeforeAreUsedAgain() throws UnbuildableException {
        EndpointRegistry registry = new EndpointRegistry(2);
        String two = "sites: { a: web }\npools: { web: [10.0.0.1:80, 10.0.0.2:80] }\n";
        Endpoint before = (Endpoint) pool(SnapshotBuilder.build(1, Builds.config(two), registry))
                .endpoints()
                .get(1);

        String other = "sites: { a: web }\npools: { web: [10.0.0.3:80, 10.0.0.2:80] }\n";
        Built after = SnapshotBuilder.build(2, Builds.config(other), registry);

        assertThat(pool(after).endpoints().get(1)).isSameAs(before);
        assertThat(registry.all()).hasSize(3);
    }

    @Test
    void anEndpointWithOtherSettingsIsAnotherOne() throws UnbuildableException {
        EndpointRegistry registry = new EndpointRegistry(2);
        Built first = SnapshotBuilder.build(1, Builds.config("sites: { a: web }\n" + POOL), registry);
        String limited = "sites: { a: web }\npools: { web: { servers: [10.0.0.1:80], connections: { max: 5 } } }\n";
        Built second = SnapshotBuilder.build(2, Builds.config(limited), registry);

        assertThat(pool(second).endpoints().get(0))
                .isNotSameAs(pool(first).endpoints().get(0));
    }

    @Test
    void settingsOfARouteAreThoseOfTheConfiguration() throws UnbuildableException {
        Route route = route("""
                sites:
                  a: { routes: { /x: { to: web, timeouts: { total: 7s, connect: none }, forwarded: both, via: off } } }
                pools: { web: { servers: [10.0.0.1:80], retry: 4 } }
                """, "/x");

        RouteSettings settings = route.settings();
        assertThat(settings.retry().tries()).isEqualTo(5);
        assertThat(settings.timeouts().totalNanos()).isEqualTo(7_000_000_000L);
        assertThat(settings.timeouts().connectNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.maxBodyBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.forwarded()).isEqualTo(RouteSettings.ForwardedMode.BOTH);
        assertThat(settings.via()).isFalse();
    }

    @Test
    void idleConnectionsOfTheProcessAreSharedAmongLoops() throws UnbuildableException {
        String yaml = "sites: { a: web }\npools: { web: { servers: [10.0.0.1:80], connections: { idle: 5 } } }\n";
        assertThat(endpoint(yaml).settings().maxIdle()).isEqualTo(3);
        String none = "sites: { a: web }\npools: { web: { servers: [10.0.0.1:80], connections: { idle: 0 } } }\n";
        assertThat(endpoint(none).settings().maxIdle()).isZero();
    }

    @Test
    void aListenerServesItsSitesOnly() throws UnbuildableException {
        Built built = Builds.build("""
                listeners: { one: ":8001", two: { address: ":8002", limits: { target: 1KiB } } }
                sites: { a: web, b: { listeners: [two], routes: { /*: web } } }
                """ + POOL);

        assertThat(built.listeners().get(0).plan().routes().host(head("/", "b")))
                .isNull();
        assertThat(built.listeners().get(1).plan().routes().host(head("/", "b")))
                .isNotNull();
        assertThat(built.listeners().get(1).settings().http().limits().maxTargetBytes())
                .isEqualTo(1024);
        assertThat(built.listeners().get(0).settings().http().limits().maxTargetBytes())
                .isEqualTo(8192);
    }

    @Test
    void serverHeaderIsRemovedBeforeAPolicySetsItsOwn() throws UnbuildableException {
        Route route = route("""
                sites:
                  a: { routes: { /x: { to: web, server-header: remove, response-headers: { set: { Server: mine } } } } }
                """ + POOL, "/x");

        ResponseHead head = new ResponseHead();
        head.clear();
        head.headers().add(HeaderName.SERVER, "nginx");
        head.headers().add(HeaderName.of("X-Powered-By"), "PHP");
        for (int i = 0; i < route.filterCount(); i++) {
            route.filter(i).onResponse(head, ExplainedExchanges.of(head("/x", "a")));
        }

        assertThat(head.headers().get("server")).isEqualTo("mine");
        assertThat(head.headers().get("x-powered-by")).isNull();
    }

    @Test
    void aFixedAnswerIsPlainTextUnlessItSaysOtherwise() throws UnbuildableException {
        Route plain = route("sites: { a: { routes: { /x: { respond: { status: 200, body: hi } } } } }\n", "/x");
        Route json = route(
                "sites: { a: { routes: { /x: { respond: { body: '[]', headers: { content-type: a/b } } } } } }\n",
                "/x");

        assertThat(contentTypes(plain)).containsExactly("text/plain; charset=utf-8");
        assertThat(contentTypes(json)).containsExactly("a/b");
    }

    @Test
    void aPlaceholderInAFixedAnswerIsFilledForEachRequest() throws UnbuildableException {
        Route route = route(
                "sites: { a: { routes: { /x: { respond: { status: 204, headers: { X-Path: '{path}' } } } } } }\n",
                "/x");

        ResponseHead head = new ResponseHead();
        head.clear();
        route.filter(0).onResponse(head, ExplainedExchanges.of(head("/x", "a")));
        assertThat(head.headers().get("x-path")).isEqualTo("/x");
    }

    @Test
    void conditionsDecideBetweenRoutesOfOnePath() throws UnbuildableException {
        Built built = Builds.build("""
                sites:
                  a:
                    routes:
                      /x:
                        - { to: web, when: { method: [POST] } }
                        - { to: web, when: { header: { X-A: "1" }, query: { q: { regex: "^v[0-9]$" } } } }
                        - { to: web, when: { from: [10.0.0.0/8], cookie: { c: { present: false } }, method: [GET] } }
                        - respond: 404
                """ + POOL);

        assertThat(conditions(built, "/x?q=v1", "X-A: 1", "Cookie: c=1")).isEqualTo(2);
        assertThat(conditions(built, "/x?q=vv", "X-A: 1")).isEqualTo(3);
        assertThat(conditions(built, "/x", "Cookie: c=1")).isZero();
    }

    @Test
    void mappedIpv4BlocksAreUnderstood() throws UnbuildableException {
        Built built = Builds.build("trusted-proxies: [\"::ffff:10.0.0.0/104\", 192.0.2.1]\nsites: { a: web }\n" + POOL);

        assertThat(built.listeners().getFirst().plan().trustedProxies().contains(client("10.1.2.3")))
                .isTrue();
        assertThat(built.listeners().getFirst().plan().trustedProxies().contains(client("11.1.2.3")))
                .isFalse();
    }

    private static int conditions(Built built, String target, String... fields) {
        Route route = built.listeners().getFirst().plan().routes().match(head(target, "a", fields), client("10.9.9.9"));
        return Objects.requireNonNull(built.sources().get(Objects.requireNonNull(route)))
                .match()
                .when()
                .count();
    }

    private static Iterable<String> contentTypes(Route route) {
        RouteAction.Respond respond = (RouteAction.Respond) route.action();
        return respond.answer().headers().stream()
                .filter(field -> field.name().equals(HeaderName.CONTENT_TYPE))
                .map(field -> Octets.string(field.value(), 0, field.value().length))
                .toList();
    }

    private static Route route(String yaml, String path) throws UnbuildableException {
        return Objects.requireNonNull(
                Builds.build(yaml).listeners().getFirst().plan().routes().match(head(path, "a"), client("127.0.0.1")));
    }

    private static Pool pool(Built built) {
        Route route = built.listeners().getFirst().plan().routes().match(head("/", "a"), client("127.0.0.1"));
        return ((RouteAction.Proxy) Objects.requireNonNull(route).action()).pool();
    }

    private static RequestHead head(String target, String host, String... fields) {
        StringBuilder text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        RequestHead head = new RequestHead();
        byte[] bytes = Octets.ascii(text.append("\r\n").toString());
        assertThat(RequestText.read(bytes, new HeadLimits(9999, 9999, 99), head))
                .isNull();
        return head;
    }

    private static ClientAddress client(String text) {
        ClientAddress client = new ClientAddress();
        byte[] bytes = Octets.ascii(text);
        assertThat(client.parse(bytes, 0, bytes.length)).isTrue();
        return client;
    }

    private static Endpoint endpoint(String yaml) throws UnbuildableException {
        return Objects.requireNonNull(pool(Builds.build(yaml)).any());
    }
}
