package io.foregate.control.config;

import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.HeaderEdit;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.config.model.Traffic;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds splits, mirrors and faults that work but are hardly meant. */
final class TrafficLint {
    private final Problems problems;

    /** A policy's rules hold for many routes, and are to be warned of once. */
    private final Set<String> said = new HashSet<>();

    TrafficLint(Problems problems) {
        this.problems = problems;
    }

    void run(EffectiveRoute route) {
        if (route.action().value() instanceof Action.Split(Traffic.Split split)) {
            split(split, route);
        }
        Setting<Traffic.Mirror> mirror = route.besides().mirror();
        if (mirror != null) {
            mirror(mirror, route.action().value());
        }
        Setting<Traffic.Fault> fault = route.besides().fault();
        if (fault != null) {
            fault(fault, route.timeouts().total());
        }
    }

    private void split(Traffic.Split split, EffectiveRoute route) {
        Origin origin = route.action().origin();
        if (split.pools().size() == 1) {
            warn(
                    origin,
                    "all requests go to one pool",
                    "write to: " + split.pools().keySet().iterator().next());
        } else if (split.override() == null) {
            split.pools().forEach((pool, share) -> {
                if (share.partsPerMillion() == 0) {
                    warn(
                            origin,
                            "pool " + pool + " gets no request: its share is 0%, and no request can name it",
                            "give it a share, or let requests choose with override: {header: X-Pool}");
                }
            });
        }
        boolean cookies = split.by().cookie() != null || split.by().basis() == Traffic.Basis.OWN_COOKIE;
        if (cookies) {
            changed(route.edits().request(), "cookie", origin);
        }
        if (split.by().header() != null) {
            changed(route.edits().request(), split.by().header().lowerCase(), origin);
        }
    }

    // Policies come first, and the split sees what they have left.
    private void changed(List<Setting<HeaderEdit>> edits, String field, Origin origin) {
        for (Setting<HeaderEdit> edit : edits) {
            if (edit.value() instanceof HeaderEdit.Remove
                    && edit.value().name().text().toLowerCase(Locale.ROOT).equals(field)) {
                warn(
                        origin,
                        "the split never sees " + edit.value().name() + ", which is removed before (" + edit.origin()
                                + ")",
                        "keep the field, or split by something else");
            }
        }
    }

    private void mirror(Setting<Traffic.Mirror> mirror, Action action) {
        Origin origin = mirror.origin();
        if (action.pools().isEmpty()) {
            warn(origin, "nothing is mirrored where requests are answered here", "");
        } else if (action.pools().contains(mirror.value().to())) {
            warn(
                    origin,
                    "pool " + mirror.value().to() + " gets the requests and their copies: what they do is done twice",
                    "mirror to another pool");
        } else if (mirror.value().share().partsPerMillion() == 0) {
            warn(origin, "nothing is mirrored: the share is 0%", "");
        }
    }

    private void fault(Setting<Traffic.Fault> fault, Setting<Timeout> total) {
        Traffic.Fault value = fault.value();
        if (value.header() == null) {
            warn(
                    fault.origin(),
                    "every client may meet this fault",
                    "add header: X-Fault-Test, so that only requests with that field do");
        }
        Traffic.Delay delay = value.delay();
        if (delay != null && delay.time().nanos() >= total.value().nanos()) {
            warn(
                    fault.origin(),
                    "the delay of " + delay.time() + " outlasts the total timeout of " + total.value() + " ("
                            + total.origin() + ")",
                    "");
        }
    }

    private void warn(Origin origin, String message, String hint) {
        if (origin.position() != null && said.add(origin + message)) {
            problems.warning(origin.position(), origin.path(), message, hint);
        }
    }
}
