package io.foregate.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.foregate.api.spi.DiscoveredServer;
import io.foregate.control.pools.DiscoverySource;
import io.foregate.control.pools.EndpointRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is said of a source of servers that can't be read. */
final class FeedTest {
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ServerDiscovery.class);
    private final EndpointRegistry registry = new EndpointRegistry(1);
    private final ServerDiscovery owner = new ServerDiscovery(registry, DnsSettings.SYSTEM, Path.of("/"));
    private final Feed feed =
            new Feed(owner, "feeds", new DiscoverySource("file", Map.of(), "file servers.yaml", found -> {
                throw new IllegalArgumentException("no pool asks for it");
            }));

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void leave() {
        log.detachAppender(said);
        owner.close();
        registry.close();
    }

    private List<String> said() {
        // Tests run side by side in one JVM.
        return said.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("pool feeds"))
                .toList();
    }

    @Test
    void eachReasonIsSaidOnceUntilItHasWorkedAgain() {
        feed.failed("there is no such file");
        feed.failed("there is no such file");
        feed.failed("permission denied");
        feed.failed("there is no such file");
        assertThat(said())
                .containsExactly(
                        "pool feeds has no servers by file servers.yaml: there is no such file",
                        "pool feeds has no servers by file servers.yaml: permission denied");
        assertThat(feed.state().failure()).isEqualTo("there is no such file");

        feed.found(List.of(DiscoveredServer.at("192.0.2.1", 80)));
        feed.failed("permission denied");
        assertThat(said())
                .hasSize(4)
                .last()
                .isEqualTo("pool feeds: permission denied; the 1 server of before stay in use");
    }

    @Test
    void reasonsThatAlwaysDifferDoNotFillTheLog() {
        for (int i = 0; i < 1000; i++) {
            feed.failed("no answer from port " + i);
        }
        assertThat(said()).hasSize(Reasons.MOST);
        assertThat(feed.state().failure()).isEqualTo("no answer from port 999");
    }
}
