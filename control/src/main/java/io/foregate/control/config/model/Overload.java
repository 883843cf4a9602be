package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;

/** When requests are refused because the process can't keep up. */
@Form(
        value =
                "When requests are answered with 503 because the process can't keep up: as many as it takes for the rest to be"
                        + " answered in good time.",
        grows = "lag")
public record Overload(
        @Key(
                value =
                        "How late an event loop may be on average with what it has to do; `none` refuses nothing for that.",
                otherwise = "200ms")
        Timeout lag,

        @Key(
                value =
                        "Whether requests are refused, those with large bodies first, when the memory for buffers is nearly used up.",
                otherwise = "true")
        boolean memory,

        @Key("Paths that are served whatever the load, such as `/healthz`, on all sites.")
        List<PathPattern> spare) {}
