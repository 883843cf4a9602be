package io.foregate.control.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.plan.Change;
import io.foregate.control.plan.Change.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
    private static Change change(Kind kind, String thing, String name) {
        return new Change(thing, name, kind, List.of());
    }

    @Test
    void aFewChangesAreNamed() {
        assertThat(Summary.of(List.of())).isEqualTo("nothing changed");
        assertThat(Summary.of(List.of(
                        change(Kind.CHANGED, "route", "a.test /*"),
                        change(Kind.ADDED, "pool", "web"),
                        change(Kind.CHANGED, "logs", ""))))
                .isEqualTo("changed route a.test /*, added pool web, changed logs");
    }

    @Test
    void manyChangesAreCounted() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            changes.add(change(Kind.ADDED, "route", "a.test /" + i));
            changes.add(change(Kind.REMOVED, "policy", "p" + i));
        }
        changes.add(change(Kind.ADDED, "pool", "web"));
        assertThat(Summary.of(changes)).isEqualTo("added 5 routes, 1 pool, removed 5 policies");
    }
}
