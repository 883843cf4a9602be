package io.foregate.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import java.nio.charset.StandardCharsets;

/** Whatever a configuration file holds, loading it gives an answer. With {@code JAZZER_FUZZ=1} it looks for more inputs. */
final class ConfigFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void loadingNeverThrows(byte[] file) {
        String yaml = new String(file, StandardCharsets.UTF_8);
        switch (ConfigLoader.load("fuzz.yaml", yaml)) {
            case Loaded.Ok ok ->
                ok.effective().sites().forEach(site -> site.routes().forEach(route -> route.explain()));
            case Loaded.Invalid invalid -> {
                if (invalid.problems().isEmpty()) {
                    throw new AssertionError("refused without a reason");
                }
            }
        }
    }
}
