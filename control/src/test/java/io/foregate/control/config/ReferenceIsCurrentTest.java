package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages in the repository are those that the records give. To write them anew: {@code mvn -pl control -am
 * test -Dtest=ReferenceIsCurrentTest -Dforegate.regenerate=true}.
 */
final class ReferenceIsCurrentTest {
    @Test
    void jsonSchemaIsCurrent() {
        isCurrent("docs/reference/foregate.schema.json", ConfigSchema.json());
    }

    @Test
    void referencePageIsCurrent() {
        isCurrent("docs/reference/configuration.md", ConfigReference.markdown());
    }

    private static void isCurrent(String name, String generated) {
        Path file = Repository.file(name);
        if (Repository.regenerates()) {
            Repository.write(file, generated);
        }
        assertThat(Repository.text(file))
                .as("%s; write it anew with mvn -pl control -am test -Dforegate.regenerate=true", name)
                .isEqualTo(generated);
    }
}
