package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableAllocationTest {
    private static final int MATCHES = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000})
    void matchingMakesNoGarbage(int routes) {
        RouteTable table = table(routes);
        List<RequestHead> heads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int route = i * 157 % routes;
            heads.add(Requests.head(
                    i % 3 == 0 ? "POST" : "GET",
                    "Site" + route % 100 + ".example.com:8443",
                    "/service" + route + "/orders/7?x=1&kind=a%62c",
                    "Cookie: other=1; session=s1",
                    "X-Version: 2"));
        }
        ClientAddress client = Requests.client("10.1.2.3");
        int found = 0;
        for (int i = 0; i < MATCHES; i++) {
            found += matches(table, heads.get(i % 64), client);
        }
        assertThat(found).isEqualTo(MATCHES);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MATCHES; i++) {
            found += matches(table, heads.get(i % 64), client);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(found).isEqualTo(2 * MATCHES);
        // What the measurement itself allocates is a few hundred bytes; one object a match would be 320,000.
        assertThat(allocated / MATCHES)
                .as("bytes per match of %d in all", allocated)
                .isZero();
        assertThat(allocated).isLessThan(4096);
    }

    private static int matches(RouteTable table, RequestHead head, ClientAddress client) {
        return table.match(head, client) == null ? 0 : 1;
    }

    private static RouteTable table(int routes) {
        RouteTable.Builder builder = RouteTable.builder();
        for (int i = 0; i < routes; i++) {
            String host = i % 2 == 0 ? "site" + i % 100 + ".example.com" : "*.example.com";
            List<Condition> conditions = switch (i % 4) {
                case 0 -> List.of(Condition.query("kind", ValueTest.is("abc")));
                case 1 -> List.of(Condition.cookie("session", ValueTest.present()));
                case 2 ->
                    List.of(
                            Condition.client(CidrSet.of("10.0.0.0/8", "192.168.0.0/16", "2001:db8::/32")),
                            Condition.header("X-Version", ValueTest.is("2")));
                default -> List.of(Condition.method("GET", "POST"));
            };
            builder.add(host, "/service" + i + "/*", conditions, Requests.route("r" + i));
            builder.add(host, "/service" + i + "/orders/*", List.of(Condition.method("PUT")), Requests.route("o" + i));
        }
        for (int i = 0; i < 100; i += 2) {
            builder.add("site" + i + ".example.com", "/*", List.of(), Requests.route("rest" + i));
        }
        builder.add("*.example.com", "/*", List.of(), Requests.route("rest"));
        return builder.build();
    }
}
