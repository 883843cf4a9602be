package io.foregate.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

final class ModuleOrderTest {
    @Test
    void thereIsSomethingToCheck() {
        assertThat(new ClassFileImporter().importPackages("io.foregate")).isNotEmpty();
    }
}
