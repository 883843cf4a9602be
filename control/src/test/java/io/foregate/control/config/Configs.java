package io.foregate.control.config;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import java.util.List;
import java.util.stream.Collectors;

/** Loads small configurations. */
final class Configs {
    /** Two pools, at the end of a file, so that they shift no line. */
    static final String POOLS = "\npools: { web: ['w:1'], api: ['a:1'] }\n";

    private Configs() {}

    static Loaded.Ok ok(String yaml) {
        return switch (ConfigLoader.load("test.yaml", yaml)) {
            case Loaded.Ok ok -> ok;
            case Loaded.Invalid invalid -> throw new AssertionError(lines(invalid.problems()));
        };
    }

    static List<Problem> problems(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Ok ok when !ok.outside().isEmpty() -> ok.outside();
            case Loaded.Ok ok -> throw new AssertionError("it was accepted: " + ok.config());
            case Loaded.Invalid invalid -> invalid.problems();
        };
    }

    /** What is said about a configuration with mistakes, line by line. */
    static List<String> mistakes(String yaml) {
        return problems(ConfigLoader.load("test.yaml", yaml)).stream()
                .map(Problem::toString)
                .toList();
    }

    static List<String> warnings(String yaml) {
        return ok(yaml).warnings().stream().map(Problem::toString).toList();
    }

    static EffectiveSite site(Loaded.Ok ok, String host) {
        return ok.effective().sites().stream()
                .filter(site -> site.host().toString().equals(host))
                .findFirst()
                .orElseThrow();
    }

    static EffectiveRoute route(Loaded.Ok ok, String host, String path) {
        return site(ok, host).routes().stream()
                .filter(route -> route.match().path().toString().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** The settings that {@code explain} prints for a route: {@code key = value [origin]}. */
    static List<String> explained(Loaded.Ok ok, String host, String path) {
        return route(ok, host, path).explain().stream()
                .map(line -> line.key() + " = " + line.value() + " [" + line.origin() + "]")
                .toList();
    }

    private static String lines(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
