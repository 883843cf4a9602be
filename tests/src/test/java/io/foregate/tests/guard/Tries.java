package io.foregate.tests.guard;

import io.foregate.control.guard.Cause;
import io.foregate.control.guard.Guard;
import io.foregate.control.guard.GuardSettings;
import io.foregate.control.guard.GuardState;
import io.foregate.control.reload.Begun;
import io.foregate.control.reload.Source;
import io.foregate.proxy.worker.Trial;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** Trying configurations. Stateless. */
final class Tries {
    /** What all configurations here begin with: a listener that takes the word of who asks for the client. */
    static final String MAIN = "listeners: { main: { address: \"127.0.0.1:0\", trusted-proxies: [127.0.0.1] } }\n"
            + "logs: { access: off }\nshutdown: 1ms\n";

    /** Half a minute, which no test waits for. */
    static final GuardSettings LONG = settings(Duration.ofSeconds(30), 0.2);

    private Tries() {}

    static GuardSettings settings(Duration time, double share) {
        return new GuardSettings(time, share, Trial.Sticky.CLIENT, Set.<Cause>of(), false);
    }

    /** Two pools, web and other; {@code /api/*} goes to {@code api}, the rest to web. */
    static String yaml(String api, Origin web, Origin other) {
        return MAIN + "sites: { \"*\": { routes: { /api/*: " + api + ", /*: web } } }\n" + "pools: { web: [\"127.0.0.1:"
                + web.port() + "\"], other: [\"127.0.0.1:" + other.port() + "\"] }\n";
    }

    static Guard begin(Configured proxy, String yaml, GuardSettings settings) throws InterruptedException {
        Source wanted = new Source(proxy.reloader().inForce().name(), yaml.getBytes(StandardCharsets.UTF_8));
        Begun begun = proxy.reloader().tryOut(null, wanted, settings, "test", "");
        if (begun instanceof Begun.Trying trying) {
            return trying.guard();
        }
        throw new AssertionError(begun);
    }

    /** How it ended, which takes less than half a minute. */
    static GuardState ended(Configured proxy, String yaml) throws InterruptedException {
        return ended(begin(proxy, yaml, LONG));
    }

    static GuardState ended(Guard guard) throws InterruptedException {
        if (!guard.awaitEnd(Duration.ofSeconds(40))) {
            throw new AssertionError(guard.state());
        }
        return guard.state();
    }
}
