package io.foregate.control.admin;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.run.LogLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much the process says of itself. Stateless. */
final class LogResources {
    private static final String PATH = "/v1/log-level";

    private LogResources() {}

    static List<Resource> table() {
        return List.of(
                Resource.read(
                        PATH,
                        "logLevel",
                        "The severity from which the error log is written, and what the configuration says of it.",
                        (call, live) -> Reply.of(tree(live.foregate().logLevel().state()))),
                Resource.write(
                                "PUT",
                                PATH,
                                Resource.spec(
                                        "setLogLevel",
                                        "Sets it, until its time is over, the process ends, or a configuration with another level"
                                                + " comes.",
                                        Admin.Role.OPERATE),
                                LogResources::set)
                        .body(
                                "level",
                                Resource.Type.STRING,
                                "error, warn, info or debug. Without it, what the configuration says holds again.")
                        .body(
                                "for",
                                Resource.Type.STRING,
                                "For how long, such as 10m; for good when nothing is said."));
    }

    private static Reply set(Call call, Live live) throws Refusal {
        LogLevel log = live.foregate().logLevel();
        String level = call.text("level");
        String time = call.text("for");
        if (level.isEmpty()) {
            if (!time.isEmpty()) {
                throw new Refusal(400, "for says how long a level is to hold: say which");
            }
            log.configured();
        } else {
            log.set(level(level), time.isEmpty() || time.equals("none") ? null : duration(time));
        }
        return Reply.of(tree(log.state()));
    }

    private static Config.Level level(String text) throws Refusal {
        for (Config.Level level : Config.Level.values()) {
            if (word(level).equals(text)) {
                return level;
            }
        }
        throw new Refusal(400, "level is error, warn, info or debug, not " + text);
    }

    private static Duration duration(String text) throws Refusal {
        try {
            return Duration.ofNanos(Timeout.parse(text).nanos());
        } catch (BadValue e) {
            throw new Refusal(400, "for: " + e.what());
        }
    }

    private static Map<String, @Nullable Object> tree(LogLevel.State state) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("level", word(state.level()));
        tree.put("configured", word(state.configured()));
        Instant until = state.until();
        tree.put("until", until == null ? null : until.toString());
        return tree;
    }

    private static String word(Config.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
