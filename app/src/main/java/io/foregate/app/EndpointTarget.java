package io.foregate.app;

import java.util.Map;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Which endpoint is meant, for the commands that want something of one. */
final class EndpointTarget {
    @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name.")
    private String pool = "";

    @Parameters(index = "1", paramLabel = "ENDPOINT", description = "The endpoint: host:port, as in the configuration.")
    private String endpoint = "";

    /** Asks for it and prints how it stands with the endpoint now. */
    int ask(String verb, Map<String, ?> body, AdminOption admin, Output output) {
        String path =
                "/v1/pools/" + AdminOption.segment(pool) + "/endpoints/" + AdminOption.segment(endpoint) + "/" + verb;
        JsonNode now = admin.client().post(path, body).orRefuse().json();
        if (output.json()) {
            output.print(now);
        } else {
            String reason = now.path("reason").asString("");
            output.out()
                    .println("%s in %s: %s%s, weight %d, %d in flight"
                            .formatted(
                                    now.path("name").asString(""),
                                    pool,
                                    now.path("state").asString(""),
                                    reason.isEmpty() ? "" : " (" + reason + ")",
                                    now.path("weight").asLong(0),
                                    now.path("inFlight").asLong(0)));
        }
        return Main.FINE;
    }
}
