package io.foregate.control.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One place changes, and everything else stays as it was written. */
final class ConfigEditTest {
    private static final String TEXT = """
            # who is asked for
            sites:
              "*":
                routes:
                  /api/*: api   # the old one
                  /*: { to: web, timeouts: { total: 10s } }

            # who answers
            pools:
              web: [10.0.0.1:80, 10.0.0.2:80]   # two
              api:
                # only one
                servers:
                  - 10.0.0.3:80
                  - 10.0.0.4:80   # spare
                balance: random
            logs: {}
            """;

    private static String put(Object value, String... path) throws Exception {
        return ConfigEdit.put(TEXT, List.of(path), value);
    }

    private static String remove(String... path) throws Exception {
        return ConfigEdit.remove(TEXT, List.of(path));
    }

    @Test
    void aValueTakesThePlaceOfAnother() throws Exception {
        assertThat(put("p2c", "pools", "api", "balance")).isEqualTo(TEXT.replace("random", "p2c"));
        assertThat(put("api2", "sites", "*", "routes", "/api/*"))
                .isEqualTo(TEXT.replace("/api/*: api ", "/api/*: api2 "));
        assertThat(put("20s", "sites", "*", "routes", "/*", "timeouts", "total"))
                .isEqualTo(TEXT.replace("10s", "20s"));
        assertThat(put("10.0.0.9:80", "pools", "api", "servers", "0"))
                .isEqualTo(TEXT.replace("10.0.0.3:80", "10.0.0.9:80"));
        assertThat(put(List.of("10.0.0.9:80"), "pools", "api"))
                .contains("  api:\n    # only one\n    ['10.0.0.9:80']\nlogs: {}")
                .contains("# two");
    }

    @Test
    void whatIsMissingIsAddedWithTheWayThere() throws Exception {
        assertThat(put(Map.of("redirect", "/new"), "sites", "*", "routes", "/old"))
                .isEqualTo(TEXT.replace("10s } }\n", "10s } }\n      /old: {redirect: /new}\n"));
        assertThat(put("5s", "pools", "api", "timeouts", "connect"))
                .isEqualTo(TEXT.replace("random\n", "random\n    timeouts: {connect: 5s}\n"));
        assertThat(put("5s", "sites", "*", "routes", "/*", "timeouts", "connect"))
                .isEqualTo(TEXT.replace("total: 10s", "total: 10s, connect: 5s"));
        assertThat(put("10.0.0.5:80", "pools", "api", "servers", "2"))
                .isEqualTo(TEXT.replace("# spare\n", "# spare\n      - 10.0.0.5:80\n"));
        assertThat(put("10.0.0.5:80", "pools", "web", "2"))
                .isEqualTo(TEXT.replace("10.0.0.2:80]", "10.0.0.2:80, '10.0.0.5:80']")
                        .replace("'", ""));
        assertThat(put("debug", "logs", "error", "level")).isEqualTo(TEXT.replace("{}", "{error: {level: debug}}"));
        assertThat(put("off", "admin")).isEqualTo(TEXT + "admin: off\n");
    }

    @Test
    void whatIsTakenAwayIsGoneWithItsLine() throws Exception {
        assertThat(remove("sites", "*", "routes", "/api/*"))
                .isEqualTo(TEXT.replace("      /api/*: api   # the old one\n", ""));
        assertThat(remove("pools", "web")).doesNotContain("two").contains("# who answers\npools:\n  api:");
        assertThat(remove("pools", "web", "0")).isEqualTo(TEXT.replace("10.0.0.1:80, ", ""));
        assertThat(remove("pools", "web", "1")).isEqualTo(TEXT.replace(", 10.0.0.2:80", ""));
        assertThat(remove("pools", "api", "servers", "1"))
                .isEqualTo(TEXT.replace("      - 10.0.0.4:80   # spare\n", ""));
        assertThat(remove("sites", "*", "routes", "/*", "timeouts", "total"))
                .isEqualTo(TEXT.replace("{ total: 10s }", "{}"));
    }

    @Test
    void whatCannotBeIsSaid() {
        assertThatThrownBy(() -> remove("pools", "none")).hasMessage("the configuration has no pools/none");
        assertThatThrownBy(() -> put(1, "pools", "web", "balance")).hasMessageContaining("pools/web is a list here");
        assertThatThrownBy(() -> put(1, "pools", "api", "balance", "x"))
                .hasMessageContaining("pools/api/balance is random here");
    }

    @Test
    void aPlaceThatStandsForTwoIsChangedInOneOfThem() throws Exception {
        String text = "a: &x { one: 1 }\nb: *x\n";

        String changed = ConfigEdit.put(text, List.of("b", "one"), 2);

        assertThat(ConfigTree.of(changed)).isEqualTo(Map.of("a", Map.of("one", 1), "b", Map.of("one", 2)));
    }

    @Test
    void whatWouldBecomeAnotherTextIsNotWrittenAnew() {
        String text = "v: 1.10\na: &x { one: 1 }\nb: *x\n";

        assertThatThrownBy(() -> ConfigEdit.put(text, List.of("b", "one"), 2)).hasMessageContaining("1.10");
    }

    @Test
    void whateverIsDoneTheTextSaysWhatItShould() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            String text = TEXT;
            for (int step = 0; step < 4; step++) {
                List<String> path = place(ConfigTree.of(text), random);
                Object value = List.of("a: b", 7, true, "", "x\ny", List.of("#"), Map.of("k", List.of()))
                        .get(random.nextInt(7));
                Object before = ConfigTree.of(text);
                if (random.nextBoolean() && path.size() > 1) {
                    text = ConfigEdit.remove(text, path);
                    assertThat(count(ConfigTree.of(text))).isLessThan(count(before));
                } else {
                    text = ConfigEdit.put(text, path, value);
                    Object part = ConfigTree.of(text);
                    for (String key : path) {
                        part = Objects.requireNonNull(ConfigTree.child(part, key));
                    }
                    assertThat(part).as("%s in%n%s", path, text).isEqualTo(value);
                }
            }
        }
    }

    private static int count(Object tree) {
        return switch (tree) {
            case Map<?, ?> map ->
                1
                        + map.values().stream()
                                .mapToInt(one -> count(one == null ? "" : one))
                                .sum();
            case List<?> list ->
                1 + list.stream().mapToInt(one -> count(one == null ? "" : one)).sum();
            default -> 1;
        };
    }

    // Somewhere in the tree.
    private static List<String> place(Object tree, Random random) {
        List<String> path = new ArrayList<>();
        Object part = tree;
        while (true) {
            Map<String, Object> below = new LinkedHashMap<>();
            if (part instanceof Map<?, ?> map) {
                map.forEach((key, one) -> below.put(String.valueOf(key), one == null ? "" : one));
            } else if (part instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    below.put(String.valueOf(i), list.get(i) == null ? "" : list.get(i));
                }
            }
            if (below.isEmpty() || path.size() > 1 && random.nextInt(3) == 0) {
                return path.isEmpty() ? List.of("new") : path;
            }
            String key = List.copyOf(below.keySet()).get(random.nextInt(below.size()));
            path.add(key);
            part = below.get(key);
        }
    }
}
