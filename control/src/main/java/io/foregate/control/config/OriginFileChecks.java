package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Pool;
import io.foregate.control.tls.BadFile;
import io.foregate.control.tls.OriginTlsFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the files that pools name, as a build does, and says at which key one can't be used. */
final class OriginFileChecks {
    private final EffectiveConfig config;
    private final Problems problems;
    private final List<Problem> outside = new ArrayList<>();

    OriginFileChecks(EffectiveConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    /** Returns what is wrong with the files; what is wrong with the text is among the problems. */
    List<Problem> run() {
        for (EffectivePool pool : config.pools().values()) {
            // Where the binder found a mistake there is a hole.
            boolean whole = pool.servers().value().stream().allMatch(DiscoveryChecks::isWhole);
            if (whole && pool.secure()) {
                read(pool);
            }
            if (whole) {
                mixed(pool);
            }
        }
        return List.copyOf(outside);
    }

    // Somebody who writes tls: believes that it is used.
    private void mixed(EffectivePool pool) {
        EffectivePool.Tls tls = pool.tls();
        for (Setting<?> setting : Arrays.asList(tls.ca(), tls.name(), tls.cert(), tls.key(), tls.verify())) {
            if (setting == null || setting.origin().isDefault()) {
                continue;
            }
            for (Pool.Server server : pool.servers().value()) {
                if (!server.secure() && !server.maybeSecure()) {
                    Object written = server.address() == null ? server.where().split(" ")[1] : server.address();
                    error(
                            pool.servers().origin(),
                            written + " is spoken to without TLS, while the pool has "
                                    + setting.origin().path(),
                            "write https://" + written);
                    return;
                }
            }
        }
    }

    private void read(EffectivePool pool) {
        try {
            OriginTlsFiles.load(pool);
        } catch (BadFile e) {
            if (e.inText()) {
                error(e.origin(), String.valueOf(e.getMessage()), "");
            } else {
                outside.add(Problem.at(position(e.origin()), e.origin().path(), String.valueOf(e.getMessage()), ""));
            }
        }
    }

    private static Position position(Origin origin) {
        Position position = origin.position();
        return position == null ? new Position("defaults", 1, 1) : position;
    }

    private void error(Origin origin, String message, String hint) {
        problems.error(position(origin), origin.path(), message, hint);
    }
}
