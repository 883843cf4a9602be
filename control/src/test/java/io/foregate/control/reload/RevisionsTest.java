package io.foregate.control.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.reload.Revision.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevisionsTest {
    @TempDir
    Path folder;

    private static Source text(String text) {
        return new Source("foregate.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatIsWrittenIsReadAgainByteForByte() {
        Source odd = new Source("conf/foregate.yaml", new byte[] {'#', (byte) 0xc3, (byte) 0xa4, '\r', '\n', 0});
        Revisions first = Revisions.in(folder);
        first.start(text("one"));
        first.add(odd, "ann", "why \"not\"", Outcome.APPLIED, "");
        first.add(text("three"), "ben", "", Outcome.FAILED, "taken");

        Revisions second = Revisions.in(folder);

        assertThat(second.history()).isEqualTo(first.history());
        assertThat(second.history()).extracting(Revision::number).containsExactly(3L, 2L, 1L);
        assertThat(Objects.requireNonNull(second.source(2))).isEqualTo(odd);
        assertThat(second.history().get(1).message()).isEqualTo("why \"not\"");
        assertThat(second.source(4)).isNull();
    }

    @Test
    void aStartWithTheNewestTextIsNoNewRevision() {
        Revisions first = Revisions.in(folder);
        first.start(text("one"));
        first.add(text("two"), "ann", "", Outcome.APPLIED, "");

        assertThat(Revisions.in(folder).start(text("two")).number()).isEqualTo(2);
        assertThat(Revisions.in(folder).start(text("other")).number()).isEqualTo(3);
        assertThat(Revisions.in(folder).history()).hasSize(3);
    }

    @Test
    void nothingIsWrittenBeforeThereIsSomethingToComeBackTo() throws IOException {
        Revisions.in(folder).start(text("one"));
        assertThat(files()).isEmpty();
    }

    @Test
    void theOldestAreForgotten() throws IOException {
        Revisions revisions = Revisions.in(folder);
        revisions.start(text("one"));
        for (int i = 2; i <= Revisions.MOST + 10; i++) {
            revisions.add(text("text " + i), "ann", "", Outcome.APPLIED, "");
        }
        assertThat(revisions.history()).hasSize(Revisions.MOST);
        assertThat(revisions.source(10)).isNull();
        assertThat(revisions.source(11)).isNotNull();
        assertThat(files()).hasSize(2 * Revisions.MOST).contains("000011.json", "000110.yaml");
    }

    @Test
    void whatNeverWasInForceIsForgottenFirst() {
        Revisions revisions = Revisions.in(folder);
        revisions.start(text("one"));
        revisions.add(text("two"), "ann", "", Outcome.APPLIED, "");
        for (int i = 0; i < 2 * Revisions.MOST; i++) {
            revisions.add(text("taken"), "robot", "", Outcome.FAILED, "the port is taken");
        }
        assertThat(revisions.history()).hasSize(Revisions.MOST);
        assertThat(revisions.source(1)).isEqualTo(text("one"));
        assertThat(Objects.requireNonNull(Revisions.in(folder).source(2))).isEqualTo(text("two"));
    }

    @Test
    void aTextThatIsNotWholeIsNoRevision() throws IOException {
        Revisions revisions = Revisions.in(folder);
        revisions.start(text("one"));
        revisions.add(text("two"), "ann", "", Outcome.APPLIED, "");
        Files.write(folder.resolve("000002.yaml"), new byte[0]);
        Files.writeString(folder.resolve("new-1.tmp"), "of a process that was killed");

        assertThat(Revisions.in(folder).history()).extracting(Revision::number).containsExactly(1L);
        assertThat(files()).doesNotContain("new-1.tmp");
    }

    @Test
    void anOutcomeMayChange() {
        Revisions revisions = Revisions.in(folder);
        revisions.start(text("one"));
        revisions.add(text("two"), "ann", "", Outcome.APPLIED, "");

        revisions.outcome(2, Outcome.UNDONE, "errors rose");

        assertThat(Revisions.in(folder).history().getFirst().outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(Revisions.in(folder).history().getFirst().note()).isEqualTo("errors rose");
    }

    @Test
    void whatIsBrokenOnDiskIsLeftOut() throws IOException {
        Revisions revisions = Revisions.in(folder);
        revisions.start(text("one"));
        revisions.add(text("two"), "ann", "", Outcome.APPLIED, "");
        Files.writeString(folder.resolve("000001.json"), "{ nothing");
        Files.writeString(folder.resolve("000007.json"), "{}");
        Files.writeString(folder.resolve("readme"), "hello");

        assertThat(Revisions.in(folder).history()).extracting(Revision::number).containsExactly(2L);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoReasonToFail() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Revisions revisions = Revisions.in(file.resolve("below"));
        revisions.start(text("one"));

        assertThat(revisions.add(text("two"), "ann", "", Outcome.APPLIED, "").number())
                .isEqualTo(2);
        assertThat(revisions.source(1)).isEqualTo(text("one"));
    }
}
