package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.bind.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One file with every kind of mistake, and everything that is said about it. */
final class MistakesTest {
    @Test
    void everyMistakeOfAFileIsReportedAtOnceInItsOrder() {
        Path expected = Repository.resource("mistakes.txt");
        List<Problem> problems = Configs.problems(
                ConfigLoader.load("mistakes.yaml", Repository.text(Repository.resource("mistakes.yaml"))));
        String said = problems.stream().map(Problem::toString).collect(Collectors.joining("\n", "", "\n"));
        if (Repository.regenerates()) {
            Repository.write(expected, said);
        }
        assertThat(said).isEqualTo(Repository.text(expected));
        assertThat(problems).isSorted().hasSizeGreaterThan(30);
    }
}
