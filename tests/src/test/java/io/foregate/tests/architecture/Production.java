package io.foregate.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** What ships: the compiled classes of api, proxy, control and app, read once for all tests of this package. */
final class Production {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.foregate.api", "io.foregate.proxy", "io.foregate.control", "io.foregate.app");

    private Production() {}
}
