package io.foregate.app;

import io.foregate.control.admin.AdminFailure;
import io.foregate.control.admin.AdminServer;
import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.certificates.CertificateChecks;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.ServerFileChecks;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.pools.EndpointRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Says everything that is wrong with a configuration file. Reads files and does nothing else.",
        footer = {
            "",
            "Example:",
            "  foregate check foregate.yaml",
            "",
            "Exit code 0 when it can be used, with or without warnings; 1 when it can't."
        })
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FILE", defaultValue = "foregate.yaml", description = "Default: ${DEFAULT-VALUE}.")
    private Path file = Path.of("foregate.yaml");

    private record Finding(boolean error, Problem problem) {}

    @Override
    public Integer call() {
        Loaded loaded = ConfigLoader.load(file);
        List<Finding> findings = new ArrayList<>();
        loaded.warnings().forEach(problem -> findings.add(new Finding(false, problem)));
        switch (loaded) {
            case Loaded.Invalid invalid -> invalid.problems().forEach(p -> findings.add(new Finding(true, p)));
            case Loaded.Ok ok -> {
                ok.outside().forEach(problem -> findings.add(new Finding(true, problem)));
                if (ok.outside().isEmpty()) {
                    build(ok.effective(), findings);
                    admin(ok, findings);
                }
                CertificateChecks.Findings found = CertificateChecks.of(ok.effective(), Configurations.folder(file));
                found.errors().forEach(problem -> findings.add(new Finding(true, problem)));
                found.warnings().forEach(problem -> findings.add(new Finding(false, problem)));
                ServerFileChecks.Findings files = ServerFileChecks.of(ok.effective(), Configurations.folder(file));
                files.errors().forEach(problem -> findings.add(new Finding(true, problem)));
                files.warnings().forEach(problem -> findings.add(new Finding(false, problem)));
            }
        }
        findings.sort((a, b) -> a.problem.compareTo(b.problem));
        boolean fine = findings.stream().noneMatch(Finding::error);
        if (output.json()) {
            output.print(tree(fine, findings));
        } else {
            print(loaded, findings);
        }
        return fine ? Main.FINE : Main.NO;
    }

    // What comes after the checks when it is run: the same build, without the start.
    private static void build(EffectiveConfig config, List<Finding> findings) {
        try {
            SnapshotBuilder.build(1, config, new EndpointRegistry(1));
        } catch (UnbuildableException e) {
            findings.add(new Finding(true, e.problem()));
        }
    }

    private void admin(Loaded.Ok ok, List<Finding> findings) {
        try {
            AdminServer.check(ok, Configurations.folder(file));
        } catch (AdminFailure e) {
            findings.add(new Finding(true, e.problem()));
        }
    }

    private void print(Loaded loaded, List<Finding> findings) {
        PrintWriter out = output.out();
        for (Finding finding : findings) {
            out.println(finding.error ? finding.problem.toString() : finding.problem.asWarning());
        }
        long errors = findings.stream().filter(Finding::error).count();
        long warnings = findings.size() - errors;
        String said = warnings == 0 ? "" : count(warnings, "warning");
        if (errors > 0) {
            out.println(count(errors, "error") + (said.isEmpty() ? "" : ", " + said));
        } else if (loaded instanceof Loaded.Ok ok) {
            out.println(file + " is fine: " + contents(ok.effective()) + (said.isEmpty() ? "" : "; " + said));
        }
    }

    private static String contents(EffectiveConfig config) {
        int routes =
                config.sites().stream().mapToInt(site -> site.routes().size()).sum();
        return count(config.sites().size(), "site") + ", " + count(routes, "route") + ", "
                + count(config.pools().size(), "pool");
    }

    private static String count(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    private static Map<String, Object> tree(boolean fine, List<Finding> findings) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("fine", fine);
        tree.put(
                "problems",
                findings.stream()
                        .map(finding -> Configurations.tree(finding.problem, finding.error))
                        .toList());
        return tree;
    }
}
