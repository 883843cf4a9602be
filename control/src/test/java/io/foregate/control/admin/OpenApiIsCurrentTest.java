package io.foregate.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The description in the repository is what the table of resources gives; written anew as the reference is. */
final class OpenApiIsCurrentTest {
    private static final String NAME = "docs/reference/admin-openapi.json";

    @Test
    void descriptionIsCurrent() throws IOException {
        Path file = root().resolve(NAME);
        if (Boolean.getBoolean("foregate.regenerate")) {
            Files.writeString(file, OpenApi.json());
        }
        assertThat(Files.readString(file))
                .as("%s; write it anew with mvn -pl control -am test -Dforegate.regenerate=true", NAME)
                .isEqualTo(OpenApi.json());
    }

    @Test
    void everyResourceHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        for (Resource resource : Resources.ALL) {
            assertThat(ids.add(resource.spec().id())).as(resource.spec().id()).isTrue();
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests run outside the repository");
            }
        }
        return folder;
    }
}
