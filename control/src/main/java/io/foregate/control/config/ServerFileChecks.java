package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.FilePath;
import io.foregate.control.config.model.Pool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files in which pools find their servers, and says which can't be used as they are. Stateless. */
public final class ServerFileChecks {
    /** A file that is broken is a mistake; one that isn't there may be written by somebody else later. */
    public record Findings(List<Problem> errors, List<Problem> warnings) {}

    private ServerFileChecks() {}

    /** What is to be said of the files of a configuration; relative paths start at {@code folder}. */
    public static Findings of(EffectiveConfig config, Path folder) {
        List<Problem> errors = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        for (EffectivePool pool : config.pools().values()) {
            for (Pool.Server server : pool.servers().value()) {
                FilePath file = server.found().file();
                if (file == null) {
                    continue;
                }
                Origin origin = pool.servers().origin();
                try {
                    if (ServerFile.read(folder.resolve(file.text())).isEmpty()) {
                        warnings.add(problem(origin, file + " lists no servers: the pool is down"));
                    }
                } catch (ServerFile.Unusable e) {
                    (e.missing() ? warnings : errors).add(problem(origin, String.valueOf(e.getMessage())));
                }
            }
        }
        return new Findings(List.copyOf(errors), List.copyOf(warnings));
    }

    private static Problem problem(Origin origin, String message) {
        Position position = origin.position();
        return Problem.at(
                position == null ? new Position("defaults", 1, 1) : position,
                origin.path().toString(),
                message,
                "");
    }
}
