package io.foregate.control.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.build.Builds;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.plan.RandomChanges.Asked;
import io.foregate.proxy.route.Regex;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.VirtualHost;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The computed regions are exactly the requests of which the compiled route tables make different things. */
final class RegionsTest {
    @Test
    void areExactlyWhatTheTablesDecideOtherwise() throws UnbuildableException {
        Random random = new Random(7);
        int compared = 0;
        int different = 0;
        while (compared < 300) {
            String yaml = RandomChanges.random(random);
            String changed = random.nextInt(3) == 0 ? RandomChanges.random(random) : RandomChanges.edited(yaml, random);
            if (!(ConfigLoader.load("a", yaml) instanceof Loaded.Ok)
                    || !(ConfigLoader.load("b", changed) instanceof Loaded.Ok)) {
                continue;
            }
            compared++;
            different += compare(yaml, changed, random);
        }
        assertThat(different).as("requests that tell them apart").isGreaterThan(1000);
    }

    @Test
    void nothingChangedIsNoRegion() {
        String yaml = "sites: { a.test: { routes: { /x/*: web, /*: api } } }\npools: { web: ['w:1'], api: ['a:1'] }\n";
        assertThat(Regions.between(Builds.config(yaml), Builds.config(yaml))).isEmpty();
    }

    @Test
    void neighboursThatChangeAlikeAreOneRegion() {
        String before = "sites: { a.test: { routes: { /x/*: web, /x/y: web, /*: web } } }\npools: { web: ['w:1'] }\n";
        String after = "sites: { a.test: { routes: { /*: api } } }\npools: { api: ['w:1'] }\n";
        List<Region> regions = Regions.between(Builds.config(before), Builds.config(after));
        assertThat(regions).hasSize(1);
        assertThat(regions.getFirst().path()).hasToString("/*");
        assertThat(regions.getFirst().otherPaths()).isEmpty();
        assertThat(regions.getFirst().before().action()).isEqualTo("to pool web");
        assertThat(regions.getFirst().after().action()).isEqualTo("to pool api");
    }

    @Test
    void whatIsBelowAndStaysIsTakenOut() {
        String before = "sites: { a.test: { routes: { /api/*: web, /api/v2/*: api } } }\n";
        String after = "sites: { a.test: { routes: { /api/*: api, /api/v2/*: api } } }\n";
        String pools = "pools: { web: ['w:1'], api: ['a:1'] }\n";
        List<Region> regions = Regions.between(Builds.config(before + pools), Builds.config(after + pools));
        assertThat(regions).hasSize(1);
        assertThat(regions.getFirst().path()).hasToString("/api/*");
        assertThat(regions.getFirst().otherPaths()).map(Object::toString).containsExactly("/api/v2/*");
    }

    private static int compare(String yaml, String changed, Random random) throws UnbuildableException {
        EffectiveConfig before = Builds.config(yaml);
        EffectiveConfig after = Builds.config(changed);
        Built old = Builds.build(yaml);
        Built now = Builds.build(changed);
        List<Region> regions = Regions.between(before, after);
        int different = 0;
        for (int i = 0; i < 60; i++) {
            Asked asked = RandomChanges.asked(random);
            Outcome was = outcome(old, asked);
            Outcome is = outcome(now, asked);
            List<Region> found =
                    regions.stream().filter(region -> contains(region, asked)).toList();
            Supplier<String> about =
                    () -> "%s %s\n%s\n%s\n%s".formatted(asked.head().methodString(), asked, yaml, changed, regions);
            if (was.equals(is)) {
                assertThat(found).as(about).isEmpty();
            } else {
                assertThat(found).as(about).hasSize(1);
                assertThat(found.getFirst().before()).as(about).isEqualTo(was);
                assertThat(found.getFirst().after()).as(about).isEqualTo(is);
                different++;
            }
        }
        return different;
    }

    static Outcome outcome(Built built, Asked asked) {
        var routes = built.listeners().getFirst().plan().routes();
        VirtualHost host = routes.host(asked.head());
        if (host == null) {
            return Outcome.NO_SITE;
        }
        Route route = routes.match(asked.head(), asked.client());
        return route == null
                ? Outcome.NO_ROUTE
                : Outcome.of(Objects.requireNonNull(built.sources().get(route)));
    }

    // ---- membership, told from the region as it is printed ----

    private static boolean contains(Region region, Asked asked) {
        return matches(region.host(), asked.host())
                && region.otherHosts().stream().noneMatch(other -> matches(other, asked.host()))
                && matches(region.path(), asked.path())
                && region.otherPaths().stream().noneMatch(other -> matches(other, asked.path()))
                && region.when().stream().allMatch(term -> meets(term, asked))
                && region.unless().stream().noneMatch(all -> all.stream().allMatch(term -> meets(term, asked)));
    }

    private static boolean matches(HostPattern pattern, String host) {
        return switch (pattern.kind()) {
            case EXACT -> host.equals(pattern.name());
            case WILDCARD -> host.endsWith("." + pattern.name());
            case ANY -> true;
        };
    }

    private static boolean matches(PathPattern pattern, String path) {
        return switch (pattern.kind()) {
            case EXACT -> path.equals(pattern.text());
            case PREFIX -> path.equals(pattern.text()) || path.startsWith(pattern.text() + "/");
            case REGEX -> throw new AssertionError("a region's place is no expression");
        };
    }

    private static boolean meets(Term term, Asked asked) {
        return switch (term) {
            case Term.Asks(var condition) -> condition.test(asked.head(), asked.client());
            case Term.PathMatches(String regex) ->
                Regex.of(regex).matcher(asked.path()).find();
        };
    }
}
