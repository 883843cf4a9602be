package io.foregate.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "certs",
        description =
                "Lists the certificates of each site of a proxy that runs: how it stands with them, for which names, from whom,"
                        + " and until when.",
        footer = {
            "",
            "Examples:",
            "  foregate certs",
            "  foregate certs --json",
            "",
            "Exit code 1 when one is missing, broken or has expired, 3 when the proxy can't be reached."
        })
final class CertsCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Override
    public Integer call() {
        JsonNode tree = admin.client().get("/v1/certificates").orRefuse().json();
        boolean fine = true;
        Table table = new Table();
        table.row("SITE", "STATE", "UNTIL", "KEY", "NAMES", "ISSUER");
        for (JsonNode site : tree.path("certificates")) {
            String name = site.path("site").asString("");
            String state = site.path("health").asString("");
            fine &= state.equals("fine") || state.equals("expiring");
            if (site.path("shown").isEmpty()) {
                table.row(name, state, "", "", site.path("problem").asString(""));
            }
            for (JsonNode one : site.path("shown")) {
                List<String> names = new ArrayList<>();
                one.path("names").forEach(each -> names.add(each.asString("")));
                table.row(
                        name,
                        state,
                        one.path("notAfter").asString(""),
                        one.path("key").asString(""),
                        WhyCommand.shortened(String.join(", ", names), 60),
                        one.path("issuer").asString(""));
            }
        }
        if (output.json()) {
            output.print(tree);
        } else if (tree.path("certificates").isEmpty()) {
            output.out().println("no site has certificates");
        } else {
            table.print(output.out(), "");
            for (JsonNode site : tree.path("certificates")) {
                String problem = site.path("problem").asString("");
                if (!problem.isEmpty() && !site.path("shown").isEmpty()) {
                    output.out().println(site.path("site").asString("") + ": " + problem);
                }
            }
        }
        return fine ? Main.FINE : Main.NO;
    }
}
