package io.foregate.control.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.control.config.Repository;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page of failures is what the kinds and their words give; written anew as the reference is. */
final class FailuresPageIsCurrentTest {
    private static final String NAME = "docs/reference/failures.md";
    private static final int NOBODY_GETS_IT = 499;
    private static final String HEAD = """
            # Kinds of failures

            What `failure.kind` of the access log, the error log, `foregate why` and `foregate tap` can say. The page is made from the
            source. The status is what a client gets whose answer hasn't begun; later the answer is broken off. Calls of gRPC get a
            `grpc-status` in its place ([gRPC](../grpc.md)).

            | kind | status | what happened |
            |---|---|---|
            """;

    @Test
    void pageIsCurrent() {
        Path file = Repository.file(NAME);
        if (Repository.regenerates()) {
            Repository.write(file, page());
        }
        assertThat(Repository.text(file))
                .as("%s; write it anew with mvn -pl control -am test -Dforegate.regenerate=true", NAME)
                .isEqualTo(page());
    }

    private static String page() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Failure.Kind kind : Failure.Kind.values()) {
            String status = kind.status() == NOBODY_GETS_IT ? "none" : String.valueOf(kind.status());
            page.append(
                    "| `%s` | %s | %s |\n".formatted(kind.name().toLowerCase(Locale.ROOT), status, Causes.words(kind)));
        }
        return page.toString();
    }
}
