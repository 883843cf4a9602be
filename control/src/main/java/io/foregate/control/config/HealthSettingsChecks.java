package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveHealth;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Health;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Timeout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds what can't be meant about the health of pools: two kinds of checks, or none and yet how often. */
final class HealthSettingsChecks {
    private static final long LEAST_INTERVAL = Timeout.ofMillis(100).nanos();
    private static final long LEAST_WINDOW = Timeout.ofSeconds(1).nanos();
    private static final long MOST_WINDOW = Timeout.ofSeconds(600).nanos();

    private final Config config;
    private final EffectiveConfig effective;
    private final Report report;

    HealthSettingsChecks(Config config, EffectiveConfig effective, Report report) {
        this.config = config;
        this.effective = effective;
        this.report = report;
    }

    void run() {
        TreePath pools = TreePath.ROOT.key("pools");
        config.pools()
                .forEach((name, pool) ->
                        written(pool.health(), pools.key(name.text()).key("health")));
        effective.pools().values().forEach(this::applies);
    }

    private void written(Health health, TreePath at) {
        List<String> kinds = new ArrayList<>();
        if (health.http() != null) {
            kinds.add("http");
        }
        if (health.grpc() != null) {
            kinds.add("grpc");
        }
        if (health.tcp() != null) {
            kinds.add("tcp");
        }
        if (kinds.size() > 1) {
            report.errorAtKey(
                    at.key(kinds.get(1)),
                    "the servers of a pool are checked in one way, and there is " + kinds.getFirst() + " already",
                    "keep one of them");
        }
        Health.Http http = health.http();
        if (http != null
                && http.body() != null
                && http.method() != null
                && http.method().text().equals("HEAD")) {
            report.errorAtKey(at.key("http").key("body"), "answers to HEAD have no body", "use GET");
        }
        if (http != null && http.host() != null && !http.host().matches("[!-~]{1,255}")) {
            report.errorAtValue(
                    at.key("http").key("host"), "\"" + http.host() + "\" is not a host", "write a host name");
        }
        atLeast(health.interval(), at.key("interval"), LEAST_INTERVAL, "checks would come more often than every 100ms");
        finite(health.timeout(), at.key("timeout"));
        Health.Passive passive = health.passive();
        atLeast(passive.window(), at.key("passive").key("window"), LEAST_WINDOW, "it is less than 1s");
        if (passive.window() != null
                && passive.window().nanos() > MOST_WINDOW
                && !passive.window().isNone()) {
            report.errorAtValue(at.key("passive").key("window"), passive.window() + " is more than 10m", "");
        }
        finite(passive.ejection(), at.key("passive").key("ejection"));
        finite(passive.longest(), at.key("passive").key("longest"));
    }

    private void atLeast(@Nullable Timeout value, TreePath at, long nanos, String message) {
        finite(value, at);
        if (value != null && value.nanos() < nanos) {
            report.errorAtValue(at, message, "write " + new Timeout(nanos) + " or more");
        }
    }

    private void finite(@Nullable Timeout value, TreePath at) {
        if (value != null && value.isNone()) {
            report.errorAtValue(at, "it can't be none", "write a duration such as 5s");
        }
    }

    private void applies(EffectivePool pool) {
        EffectiveHealth health = pool.health();
        boolean switchedOff = !health.check().origin().isDefault();
        TreePath written = TreePath.ROOT.key("pools").key(pool.name().text()).key("health");
        if (!health.checks() && !switchedOff && !report.isBroken(written)) {
            for (Setting<?> setting : settings(health)) {
                if (!setting.origin().isDefault()) {
                    error(setting, "nothing is checked", "add http:, tcp: or grpc:, such as { http: /healthz }");
                    return;
                }
            }
        }
        Setting<Boolean> tls = health.tls();
        // Where the binder found a mistake there is a hole.
        boolean whole =
                pool.servers().value().stream().map(Pool.Server::address).allMatch(Objects::nonNull);
        if (whole && health.checks() && tls != null && tls.value() && !pool.secure()) {
            error(
                    tls,
                    "no TLS is spoken to these servers, so it isn't known whom to trust",
                    "write the servers with https://");
        }
        if (health.passive().longest().value().nanos()
                < health.passive().ejection().value().nanos()) {
            Setting<Timeout> at = health.passive().longest().origin().isDefault()
                    ? health.passive().ejection()
                    : health.passive().longest();
            error(
                    at,
                    "the longest ejection (" + health.passive().longest().value() + ") is shorter than the first ("
                            + health.passive().ejection().value() + ")",
                    "");
        }
    }

    private static List<Setting<?>> settings(EffectiveHealth health) {
        List<Setting<?>> all = new ArrayList<>(
                List.of(health.interval(), health.timeout(), health.rise(), health.fall(), health.unchecked()));
        if (health.port() != null) {
            all.add(health.port());
        }
        if (health.tls() != null) {
            all.add(health.tls());
        }
        return all;
    }

    private void error(Setting<?> setting, String message, String hint) {
        Position position = setting.origin().position();
        if (position != null) {
            report.problems().error(position, setting.origin().path(), message, hint);
        }
    }
}
