package io.foregate.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a configuration is tried before it is in force, and how that is ended. */
final class GuardOptions {
    @Option(
            names = "--guard",
            paramLabel = "TIME",
            description = "Try it beside the one in force for that long (60s), and take it back if it does harm.")
    private @Nullable String time;

    @Option(
            names = "--share",
            paramLabel = "PERCENT",
            description = "How many of the clients get it at first (default: 10%%). The rest follows in steps.")
    private @Nullable String share;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "What stays on one side: client, by its address (default), or connection.")
    private @Nullable String by;

    @Option(
            names = "--allow",
            paramLabel = "CAUSE",
            split = ",",
            description = "What is no harm this time, for example not-found where a route is removed on purpose.")
    private List<String> allow = List.of();

    @Option(names = "--insist", description = "Take it back as well when too few requests came to tell.")
    private boolean insist;

    @Option(names = "--finish", description = "Put the configuration that is being tried in force now.")
    private boolean finish;

    @Option(names = "--abort", description = "Take the configuration that is being tried back now.")
    private boolean abort;

    @Option(names = "--follow", description = "Show how it stands with the one that is being tried, to the end.")
    private boolean follow;

    /** Whether a configuration is to be tried. */
    boolean given() {
        if (time == null && (share != null || by != null || insist || !allow.isEmpty())) {
            throw new BadUsage("--share, --by, --allow and --insist are about a --guard");
        }
        return time != null;
    }

    /** What is to become of the one that is being tried: finish, abort, or follow; null when this isn't about that. */
    @Nullable
    String ending() {
        if ((finish ? 1 : 0) + (abort ? 1 : 0) + (follow ? 1 : 0) + (time == null ? 0 : 1) > 1) {
            throw new BadUsage("--guard, --finish, --abort and --follow: one at a time");
        }
        return finish ? "finish" : abort ? "abort" : follow ? "follow" : null;
    }

    /** As the API wants it. */
    Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (time != null) {
            settings.put("time", time);
        }
        if (share != null) {
            settings.put("share", share);
        }
        if (by != null) {
            settings.put("by", by);
        }
        if (!allow.isEmpty()) {
            settings.put("allow", allow);
        }
        if (insist) {
            settings.put("insist", true);
        }
        return settings;
    }
}
